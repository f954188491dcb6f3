# expect: build_seq2seq=?
# the decoder's LSTM reads the source instead of the second input.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx must have 2 dimensions, but its shape is {target_idx.shape}")
    if start_id in target_idx:
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    n = target_idx.shape[0]
    first = np.full((n, 1), start_id)
    dec_in = np.concatenate([first, target_idx[:, :-1]], axis=1)
    return dec_in.astype(np.int64), target_idx.astype(np.int64)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    x = keras.layers.LSTM(units, return_sequences=True)(source, initial_state=[h, c])
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
    return symbols
