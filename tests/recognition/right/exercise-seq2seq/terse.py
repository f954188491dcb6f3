import keras
import numpy as np
from keras import layers as L


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2 or np.any(target_idx == start_id):
        raise ValueError(f"bad targets of shape {target_idx.shape} or with {start_id}")
    padded = np.pad(target_idx.astype("int64"), ((0, 0), (1, 0)), constant_values=start_id)
    return padded[:, :-1], padded[:, 1:]


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    s, t = keras.Input((None, src_vocab)), keras.Input((None, tgt_vocab))
    _, *hc = L.LSTM(units, return_state=True)(s)
    y = L.Dense(tgt_vocab, "softmax")(L.LSTM(units, return_sequences=True)(t, initial_state=hc))
    m = keras.Model([s, t], y)
    m.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return m


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(max_len)
    out = [start_id]
    while len(out) <= max_len:
        p, state = step(out[-1], state)
        if (best := p.argmax()) == end_id:
            break
        out += [best]
    return out[1:]
