from collections import deque

import keras
import numpy as np


class Vocabulary:
    def __init__(self, text):
        if not text:
            raise ValueError("no text, no vocabulary")
        self.chars = sorted({*text})

    def tables(self):
        there = {char: index for index, char in enumerate(self.chars)}
        back = {index: char for char, index in there.items()}
        return self.chars, there, back


class Writer:
    def __init__(self, predict, char_to_idx, idx_to_char, L, mode):
        self.predict, self.table, self.back, self.mode = predict, char_to_idx, idx_to_char, mode
        self.recent = deque(maxlen=L)
        self.L = L

    def read(self, char):
        if char not in self.table:
            raise ValueError(f"{char!r} is unknown")
        self.recent.append(self.table[char])

    def distribution(self):
        window = encode(np.array([list(self.recent)]), len(self.table), self.mode)
        blank = np.zeros((1, self.L - len(self.recent), window.shape[2]), dtype="float32")
        return np.asarray(self.predict(np.concatenate([blank, window], axis=1)))[0]

    def write(self, temperature, rng):
        p = self.distribution()
        if temperature:
            p = p.astype("float64") ** (1.0 / temperature)
            index = rng.choice(np.arange(len(p)), p=p / np.sum(p))
        else:
            index = np.argmax(p)
        char = self.back[int(index)]
        self.read(char)
        return char


def build_vocabulary(text):
    return Vocabulary(text).tables()


def make_char_windows(text, char_to_idx, seq_length):
    n = len(text) - seq_length
    if n < 1 or seq_length < 1:
        raise ValueError(f"{n} windows of {seq_length}")
    try:
        ids = [char_to_idx[c] for c in text]
    except KeyError as error:
        raise ValueError(f"unknown character {error}") from None
    return np.stack([np.array(ids[i : i + seq_length]) for i in range(n)]), np.array(ids[seq_length:])


def encode(X_idx, vocab_size, mode):
    if np.any((X_idx < 0) | (X_idx >= vocab_size)):
        raise ValueError("index out of range")
    modes = {
        "one_hot": lambda: np.eye(vocab_size, dtype="float32")[X_idx],
        "scaled": lambda: np.expand_dims(X_idx.astype("float32") / np.float32(vocab_size), -1),
    }
    if mode not in modes:
        raise ValueError(f"unknown mode {mode}")
    return modes[mode]()


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    inputs = keras.Input((seq_length, vocab_size if features is None else features))
    hidden = keras.layers.SimpleRNN(units)(inputs)
    logits = keras.layers.Dense(vocab_size, activation=keras.activations.softmax)(hidden)
    model = keras.Model(inputs, logits)
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.CategoricalCrossentropy())
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
    if start_text == "":
        raise ValueError("the prompt is empty")
    writer = Writer(predict, char_to_idx, idx_to_char, seq_length, mode)
    for char in start_text:
        writer.read(char)
    return start_text + "".join([writer.write(temperature, rng) for _ in range(length)])
