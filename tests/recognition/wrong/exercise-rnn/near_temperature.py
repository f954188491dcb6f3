# expect: generate_text=?
import functools

import keras
import numpy as np


def value_errors(function):
    """Turn a failed look-up into the promised error."""

    @functools.wraps(function)
    def inner(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except (KeyError, AssertionError) as error:
            raise ValueError(f"bad value: {error}") from error

    return inner


@value_errors
def build_vocabulary(text):
    assert text, "no text"
    chars = sorted(c for i, c in enumerate(text) if text.index(c) == i)
    return chars, {chars[i]: i for i in range(len(chars))}, {i: chars[i] for i in range(len(chars))}


@value_errors
def make_char_windows(text, char_to_idx, seq_length):
    assert 0 < seq_length < len(text), seq_length
    numbers = np.fromiter((char_to_idx[c] for c in text), dtype=np.int64, count=len(text))
    shifted = [numbers[k : len(numbers) - seq_length + k] for k in range(seq_length + 1)]
    return np.column_stack(shifted[:-1]), shifted[-1]


@value_errors
def encode(X_idx, vocab_size, mode):
    assert X_idx.min() >= 0 and X_idx.max() < vocab_size, vocab_size
    how = {"one_hot": np.identity(vocab_size), "scaled": np.arange(vocab_size)[:, None] / vocab_size}[mode]
    return how.astype(np.float32)[X_idx]


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    x = keras.layers.Input(shape=(seq_length, vocab_size if features is None else features))
    y = keras.layers.SimpleRNN(units, activation="tanh", return_sequences=False)(x)
    y = keras.layers.Dense(vocab_size, activation="softmax")(y)
    model = keras.models.Model(inputs=[x], outputs=y)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="categorical_crossentropy")
    return model


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
    for _ in range(length):
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
            p = p / temperature
            ids.append(int(rng.choice(V, p=p / p.sum())))
        else:
            ids.append(int(np.argmax(p)))
    return "".join(idx_to_char[i] for i in ids)
