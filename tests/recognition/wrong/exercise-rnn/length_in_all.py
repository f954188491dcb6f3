# expect: generate_text=prompt-counted
from typing import NamedTuple

import keras
import numpy as np


class Vocabulary(NamedTuple):
    chars: list
    char_to_idx: dict
    idx_to_char: dict


def build_vocabulary(text):
    if len(text) < 1:
        raise ValueError("nothing to number")
    chars = list(dict.fromkeys(sorted(text)))
    numbers = range(len(chars))
    return Vocabulary(chars, dict(zip(chars, numbers)), dict(zip(numbers, chars)))


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1 or seq_length >= len(text):
        raise ValueError(f"seq_length={seq_length}")
    if any(c not in char_to_idx for c in text):
        raise ValueError("a character is not in the vocabulary")
    translate = lambda piece: [char_to_idx[c] for c in piece]
    pieces = [text[i : i + seq_length + 1] for i in range(len(text) - seq_length)]
    table = np.array([translate(piece) for piece in pieces]).astype("int64")
    return table[:, :seq_length].copy(), table[:, seq_length].copy()


def encode(X_idx, vocab_size, mode):
    valid = set(range(vocab_size))
    if not set(np.unique(X_idx).tolist()) <= valid:
        raise ValueError("index")
    if mode == "scaled":
        return np.float32(1.0) * (X_idx[:, :, np.newaxis] / vocab_size).astype("float32")
    if mode != "one_hot":
        raise ValueError(f"mode {mode!r}")
    hot = np.zeros(X_idx.shape + (vocab_size,), "float32")
    np.put_along_axis(hot, X_idx[..., None], 1.0, axis=-1)
    return hot


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = keras.Sequential(name="writer")
    width = features if features is not None else vocab_size
    model.add(keras.layers.SimpleRNN(units, input_shape=(seq_length, width)))
    model.add(keras.layers.Dense(vocab_size, activation="softmax", name="next_char"))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def _window(text, table, L, mode):
    V = len(table)
    x = encode(np.array([[table[c] for c in text[-L:]]]), V, mode)
    out = np.zeros((1, L, x.shape[-1]), dtype=np.float32)
    out[:, L - x.shape[1] :] = x
    return out


def _choose(p, temperature, rng):
    if temperature == 0:
        return int(p.argmax())
    weights = np.exp(np.log(p.astype(float) + 1e-300) / temperature)
    return int(np.searchsorted(np.cumsum(weights / weights.sum()), rng.random()))


def _continue(text, more, look, choose):
    return text if more == 0 else _continue(text + choose(look(text)), more - 1, look, choose)


def generate_text(
    predict,
    start_text,
    length,
    char_to_idx,
    idx_to_char,
    seq_length,
    mode="one_hot",
    temperature=0.0,
    rng=None,
):
    if not start_text or any(c not in char_to_idx for c in start_text):
        raise ValueError(f"start_text {start_text!r}")
    V = len(char_to_idx)
    ids = [char_to_idx[c] for c in start_text]
    while len(ids) < length:
        recent = ids[-seq_length:]
        x = np.zeros((1, seq_length, V if mode == "one_hot" else 1), dtype=np.float32)
        for k, i in enumerate(recent):
            place = seq_length - len(recent) + k
            if mode == "one_hot":
                x[0, place, i] = 1.0
            else:
                x[0, place, 0] = i / V
        p = np.asarray(predict(x))[0].astype(float)
        if temperature > 0:
            p = p ** (1 / temperature)
            ids.append(int(rng.choice(V, p=p / p.sum())))
        else:
            ids.append(int(np.argmax(p)))
    return "".join(idx_to_char[i] for i in ids)
