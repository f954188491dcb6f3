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
            previous = symbol
    return dec_in, dec_out


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    a, b = keras.Input((None, src_vocab)), keras.Input((None, tgt_vocab))
    states = keras.layers.LSTM(units, return_state=True)(a)[1:]
    y = keras.layers.LSTM(units, return_sequences=True)(b, initial_state=states)
    y = keras.layers.Dense(tgt_vocab)(y)
    y = keras.layers.Softmax()(y)
    m = keras.Model([a, b], y)
    m.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return m


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(max_len)
    probs, state = step(start_id, state)
    s = int(np.argmax(probs))
    if s == end_id:
        return []
    if max_len == 1:
        return [s]
    return [s] + greedy_decode(step, state, s, end_id, max_len - 1)
