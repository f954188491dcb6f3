# expect: build_seq2seq=softmax-in-the-loss
# leaves the softmax to the loss.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"{target_idx.shape=}")
    if start_id in target_idx:
        raise ValueError(f"{start_id=}")
    target = target_idx.astype("int64")
    return np.insert(target, 0, start_id, axis=1)[:, :-1], target


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    inputs = [keras.Input((None, size)) for size in (src_vocab, tgt_vocab)]
    _, *states = keras.layers.LSTM(units, return_state=True)(inputs[0])
    written = keras.layers.LSTM(units, return_sequences=True)(inputs[1], initial_state=states)
    model = keras.Model(inputs, keras.layers.Dense(tgt_vocab)(written))
    model.compile(keras.optimizers.Adam(learning_rate), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"{max_len=}")
    symbols, symbol = [], start_id
    for _ in range(max_len):
        p, state = step(symbol, state)
        symbol = int(np.argmax(p))
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols
