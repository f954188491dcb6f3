# expect: build_seq2seq=?
# the model takes the decoder's input first.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    """Shift the target one step to the right and put START in front."""
    target_idx = np.asarray(target_idx)
    if len(target_idx.shape) != 2:
        raise ValueError("wrong shape: " + str(target_idx.shape))
    if np.any(target_idx == start_id):
        raise ValueError("start symbol in target: " + str(start_id))
    dec_out = np.array(target_idx, dtype=np.int64)
    dec_in = np.zeros(dec_out.shape, dtype=np.int64)
    dec_in[:, 0] = start_id
    dec_in[:, 1:] = dec_out[:, :-1]
    return dec_in, dec_out


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    x = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    probabilities = keras.layers.Dense(tgt_vocab, activation="softmax")(x)
    model = keras.Model([target, source], probabilities)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    """Write until END or until max_len symbols are there."""
    if max_len <= 0:
        raise ValueError("max_len = " + str(max_len))
    output = []
    last = start_id
    while len(output) < max_len:
        p, new_state = step(last, state)
        best = int(p.argmax())
        if best == end_id:
            return output
        output.append(best)
        last = best
        state = new_state
    return output
