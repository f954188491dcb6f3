# expect: greedy_decode=?
# returns a numpy array instead of a list.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    # both arrays are windows of the same longer array
    if not target_idx.ndim == 2:
        raise ValueError(f"ndim of target_idx: {target_idx.ndim}")
    if np.isin(start_id, target_idx):
        raise ValueError(f"start_id: {start_id}")
    whole = np.insert(target_idx.astype(np.int64), 0, start_id, axis=1)
    dec_in, dec_out = whole[:, :-1], whole[:, 1:]
    return dec_in, dec_out


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    x = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    probabilities = keras.layers.Dense(tgt_vocab, activation="softmax")(x)
    model = keras.Model([source, target], probabilities)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len must be at least 1, not {max_len}")
    symbols = []
    symbol = start_id
    for _ in range(max_len):
        probabilities, state = step(symbol, state)
        symbol = int(np.argmax(probabilities))
        if symbol == end_id:
            break
        symbols.append(symbol)
    return np.array(symbols)
