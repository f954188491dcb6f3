import numpy as np
import tensorflow as tf


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2: raise ValueError(target_idx.shape)
    if start_id in set(target_idx.ravel().tolist()): raise ValueError(start_id)
    y = target_idx.astype(np.int64)
    x = np.pad(y, ((0, 0), (1, 0)), constant_values=start_id)[:, :-1]
    return x, y


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    K = tf.keras
    inputs = [K.Input(shape=(None, size)) for size in (src_vocab, tgt_vocab)]
    _, *context = K.layers.LSTM(units, return_state=True)(inputs[0])
    hidden = K.layers.LSTM(units, return_sequences=True)(inputs[1], initial_state=context)
    outputs = K.layers.TimeDistributed(K.layers.Dense(tgt_vocab, activation="softmax"))(hidden)
    model = K.Model(inputs=inputs, outputs=outputs)
    model.compile(optimizer=K.optimizers.Adam(learning_rate=learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1: raise ValueError(max_len)
    s, out = start_id, []
    while len(out) < max_len:
        p, state = step(s, state)
        if (s := int(np.argmax(p))) == end_id: break
        out += [s]
    return out
