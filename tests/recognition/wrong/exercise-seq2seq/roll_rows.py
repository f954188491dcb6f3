# expect: teacher_forcing=rolled-along-the-samples
# np.roll along axis 0 moves rows instead of steps.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if np.ndim(target_idx) != 2:
        raise ValueError(f"{np.ndim(target_idx)} dimensions")
    if (target_idx == start_id).any():
        raise ValueError(f"{start_id=} is one of the targets")
    dec_in = np.roll(target_idx, 1, axis=0).astype("int64")
    dec_in[:, :1] = start_id
    return dec_in, target_idx.astype("int64")


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
