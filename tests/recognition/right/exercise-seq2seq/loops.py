import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if np.ndim(target_idx) != 2:
        raise ValueError(f"target_idx has {np.ndim(target_idx)} dimensions")
    rows_in = []
    rows_out = []
    for row in target_idx.tolist():
        if row.count(start_id):
            raise ValueError(f"{start_id} is in {row}")
        rows_out.append(row)
        rows_in.append([start_id] + row[:-1])
    return np.array(rows_in, dtype=np.int64), np.array(rows_out, dtype=np.int64)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    words = keras.layers.Input((None, src_vocab))
    so_far = keras.layers.Input((None, tgt_vocab))
    states = keras.layers.LSTM(units=units, return_state=True)(words)[1:]
    x = keras.layers.LSTM(units=units, return_sequences=True)(so_far, initial_state=states)
    x = keras.layers.Dense(tgt_vocab)(x)
    x = keras.layers.Softmax()(x)
    model = keras.Model(inputs=[words, so_far], outputs=x)
    opt = keras.optimizers.Adam()
    opt.learning_rate = learning_rate
    model.compile(opt, keras.losses.SparseCategoricalCrossentropy())
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len <= 0:
        raise ValueError(f"nothing can be written with max_len={max_len}")
    result = []
    last = start_id
    for _ in range(max_len):
        p, state = step(last, state)
        best = 0
        for i in range(len(p)):
            if p[i] > p[best]:
                best = i
        if best == end_id:
            return result
        result.append(best)
        last = best
    return result
