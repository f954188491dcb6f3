# expect: teacher_forcing=?
# copies from dec_in instead of the target, so start_id spreads over the whole row.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if len(target_idx.shape) != 2:
        raise ValueError(f"shape {target_idx.shape} should be (n, T)")
    n, T = target_idx.shape
    dec_in = np.empty((n, T), dtype=np.int64)
    dec_out = np.empty((n, T), dtype=np.int64)
    for i in range(n):
        previous = start_id
        for t in range(T):
            symbol = target_idx[i, t]
            if symbol == start_id:
                raise ValueError(f"row {i} contains start_id = {start_id}")
            dec_in[i, t] = previous
            dec_out[i, t] = symbol
            previous = dec_in[i, t]
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
    return symbols
