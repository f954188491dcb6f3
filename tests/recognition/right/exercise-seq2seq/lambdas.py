import keras
import numpy as np


def refuse(what):
    raise ValueError(what)


teacher_forcing = lambda target_idx, start_id: (
    refuse(f"shape {np.shape(target_idx)}")
    if np.ndim(target_idx) != 2
    else refuse(f"{start_id} is a target")
    if start_id in set(target_idx.flatten().tolist())
    else (
        np.column_stack([np.full(len(target_idx), start_id), target_idx[:, :-1]]).astype(np.int64),
        np.int64(target_idx),
    )
)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    inputs = [keras.Input((None, size)) for size in (src_vocab, tgt_vocab)]
    outputs = [None, None]
    states = None
    for i in range(2):
        lstm = keras.layers.LSTM(units, return_sequences=i == 1, return_state=True)
        outputs[i], *states = lstm(inputs[i], initial_state=states)
    model = keras.Model(inputs, keras.layers.Dense(tgt_vocab, activation="softmax")(outputs[1]))
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        refuse(f"max_len {max_len}")
    pick = lambda p: int(np.flatnonzero(p == np.max(p))[0])
    symbols, symbol = [], start_id
    while True:
        p, state = step(symbol, state)
        symbol = pick(p)
        if symbol == end_id:
            return symbols
        symbols.append(symbol)
        if len(symbols) == max_len:
            return symbols
