import keras
import numpy as np


def teacher_forcing(target_idx, start_id):
    t = np.asarray(target_idx)
    if t.ndim != 2:
        raise ValueError(f"shape {t.shape}")
    if (t == start_id).sum() > 0:
        raise ValueError(f"start symbol {start_id} is among the targets")
    first = np.full((t.shape[0], 1), start_id, dtype=np.int64)
    return np.hstack([first, t[:, : t.shape[1] - 1]]).astype(np.int64), t.astype(np.int64)


def encode(source, units):
    layer = keras.layers.LSTM(units, return_state=True)
    return layer(source)[1], layer(source)[2]


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab), dtype="float32")
    target = keras.Input(shape=(None, tgt_vocab), dtype="float32")
    h, c = encode(source, units)
    hidden = keras.layers.LSTM(units, return_sequences=True, activation="tanh")(target, initial_state=[h, c])
    logits = keras.layers.Dense(tgt_vocab)(hidden)
    model = keras.Model([source, target], keras.layers.Activation("softmax")(logits))
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
    )
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if not max_len >= 1:
        raise ValueError(f"max_len {max_len}")

    def rest(symbol, state, room):
        if room == 0:
            return []
        p, new_state = step(symbol, state)
        chosen = int(p.argmax())
        return [] if chosen == end_id else [chosen] + rest(chosen, new_state, room - 1)

    return rest(start_id, state, max_len)
