# expect: greedy_decode=?
# the state is one step late: each step gets the state from two steps before.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx has {target_idx.ndim} dimension(s)")
    rows = target_idx.tolist()
    if any(start_id in row for row in rows):
        raise ValueError(f"start_id {start_id} must not be a target")
    shifted = [([start_id] + row)[: len(row)] for row in rows]
    shape = target_idx.shape
    return (
        np.array(shifted, dtype=np.int64).reshape(shape),
        np.array(rows, dtype=np.int64).reshape(shape),
    )


def _encode(x, units):
    output, h, c = keras.layers.LSTM(units, return_sequences=True, return_state=True)(x)
    return h, c


def _decode(x, state, units, size):
    lstm = keras.layers.LSTM(units, return_sequences=True)
    out = lstm(x, initial_state=list(state))
    return keras.layers.Dense(size, activation=keras.activations.softmax)(out)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.layers.Input(shape=(None, src_vocab))
    target = keras.layers.Input(shape=(None, tgt_vocab))
    probabilities = _decode(target, _encode(source, units), units, tgt_vocab)
    model = keras.models.Model([source, target], probabilities)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    )
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len must be at least 1, not {max_len}")
    symbols = []
    symbol = start_id
    new_state = state
    for _ in range(max_len):
        state, previous = new_state, state
        probabilities, new_state = step(symbol, previous)
        symbol = int(np.argmax(probabilities))
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols
