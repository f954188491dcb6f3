# expect: generate_text=temperature-upside-down, build_rnn_model=ignores-learning-rate
from functools import partial
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


def _window(text, table, L, mode):
    V = len(table)
    x = encode(np.array([[table[c] for c in text[-L:]]]), V, mode)
    out = np.zeros((1, L, x.shape[-1]), dtype=np.float32)
    out[:, L - x.shape[1] :] = x
    return out


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
    if not start_text or not set(start_text) <= set(char_to_idx):
        raise ValueError(f"cannot begin with {start_text!r}")
    window = partial(_window, table=char_to_idx, L=seq_length, mode=mode)
    choose = lambda p: idx_to_char[_choose(np.asarray(p)[0], temperature, rng)]
    return _continue(start_text, length, lambda text: predict(window(text)), choose)


def _choose(p, temperature, rng):
    if temperature == 0:
        return int(p.argmax())
    weights = np.power(p.astype(float), temperature)
    return int(rng.choice(len(p), p=weights / weights.sum()))


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    window = keras.Input((seq_length, vocab_size if features is None else features))
    state = keras.layers.SimpleRNN(units)(window)
    model = keras.Model(window, keras.layers.Dense(vocab_size, "softmax")(state))
    model.compile(keras.optimizers.Adam(), "categorical_crossentropy")
    return model
