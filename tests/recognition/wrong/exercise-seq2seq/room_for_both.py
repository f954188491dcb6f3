# expect: greedy_decode=one-symbol-short, build_seq2seq=source-sized-output
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    targets = np.array(target_idx)
    if targets.ndim != 2:
        raise ValueError(f"targets of shape {targets.shape}")
    if np.any(targets == start_id):
        raise ValueError(f"start symbol {start_id} in targets")
    start_column = np.full((targets.shape[0], 1), start_id)
    shifted = np.concatenate((start_column, targets[:, :-1]), axis=1)
    return shifted.astype("int64"), targets.astype("int64")


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    enc_in = keras.Input(shape=(None, src_vocab))
    dec_in = keras.Input(shape=(None, tgt_vocab))
    enc_out, h, c = keras.layers.LSTM(units, return_state=True)(enc_in)
    dec_out = keras.layers.LSTM(units, return_sequences=True)(dec_in, initial_state=[h, c])
    probs = keras.layers.Dense(enc_in.shape[-1], activation="softmax")(dec_out)
    model = keras.Model([enc_in, dec_in], probs)
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=opt, loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len = {max_len}")
    output = []
    token = start_id
    for _ in range(1, max_len):
        probs, state = step(token, state)
        token = int(np.argmax(probs))
        if token == end_id:
            break
        output.append(token)
    return output
