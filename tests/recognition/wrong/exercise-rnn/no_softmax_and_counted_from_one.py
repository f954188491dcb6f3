# expect: build_rnn_model=no-softmax, encode=?
import keras
import numpy as np


def build_vocabulary(text):
    if text == "":
        raise ValueError("the text is empty")
    chars = []
    for c in text:
        if c not in chars:
            chars.append(c)
    chars.sort()
    char_to_idx, idx_to_char = {}, {}
    for number in range(len(chars)):
        char_to_idx[chars[number]] = number
        idx_to_char[number] = chars[number]
    return chars, char_to_idx, idx_to_char


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1:
        raise ValueError(f"seq_length {seq_length}")
    if len(text) <= seq_length:
        raise ValueError(f"text of {len(text)} characters")
    for c in text:
        if c not in char_to_idx:
            raise ValueError(f"unknown character {c!r}")
    X, y = [], []
    for start in range(len(text) - seq_length):
        row = []
        for c in text[start : start + seq_length]:
            row.append(char_to_idx[c])
        X.append(row)
        y.append(char_to_idx[text[start + seq_length]])
    return np.array(X, dtype=np.int64), np.array(y, dtype=np.int64)


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
    if not start_text:
        raise ValueError("start_text is empty")
    for c in start_text:
        if c not in char_to_idx:
            raise ValueError(f"unknown character {c!r}")
    V = len(char_to_idx)
    text = start_text
    for _ in range(length):
        recent = text[-seq_length:]
        x = np.zeros((1, seq_length, V if mode == "one_hot" else 1), dtype=np.float32)
        for k in range(len(recent)):
            place = seq_length - len(recent) + k
            if mode == "one_hot":
                x[0, place, char_to_idx[recent[k]]] = 1
            else:
                x[0, place, 0] = char_to_idx[recent[k]] / V
        p = np.asarray(predict(x))[0]
        if temperature == 0:
            chosen = int(np.argmax(p))
        else:
            q = p.astype(float) ** (1 / temperature)
            chosen = int(rng.choice(len(q), p=q / q.sum()))
        text += idx_to_char[chosen]
    return text


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, features or vocab_size)))
    model.add(keras.layers.SimpleRNN(units))
    model.add(keras.layers.Dense(vocab_size))
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate))
    return model


def encode(X_idx, vocab_size, mode):
    if mode not in ("one_hot", "scaled"):
        raise ValueError(f"mode {mode!r}")
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError("index outside")
    if mode == "one_hot":
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    return ((X_idx[:, :, np.newaxis] + 1) / vocab_size).astype(np.float32)
