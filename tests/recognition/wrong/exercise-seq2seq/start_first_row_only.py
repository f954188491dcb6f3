# expect: teacher_forcing=?
# only the first row gets start_id, the others keep what np.roll brought.
import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"Dimension {target_idx.ndim} statt 2")
    if np.count_nonzero(target_idx == start_id):
        raise ValueError(f"Startsymbol {start_id} im Ziel")
    eingabe = np.roll(target_idx.astype(np.int64), 1)
    eingabe[0, 0] = start_id
    return eingabe, target_idx.copy().astype(np.int64)


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
