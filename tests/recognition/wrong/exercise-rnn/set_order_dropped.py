# expect: build_vocabulary=unsorted-vocabulary, generate_text=prompt-dropped
import keras
import numpy as np


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


def encode(X_idx, vocab_size, mode):
    n, L = X_idx.shape
    for value in X_idx.ravel():
        if value < 0 or value >= vocab_size:
            raise ValueError(f"index {value}")
    if mode == "one_hot":
        out = np.zeros((n, L, vocab_size), dtype=np.float32)
        for i in range(n):
            for t in range(L):
                out[i, t, X_idx[i, t]] = 1
    elif mode == "scaled":
        out = np.zeros((n, L, 1), dtype=np.float32)
        for i in range(n):
            for t in range(L):
                out[i, t, 0] = X_idx[i, t] / vocab_size
    else:
        raise ValueError(f"mode {mode}")
    return out


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    if features is None:
        features = vocab_size
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, features)))
    model.add(keras.layers.SimpleRNN(units))
    model.add(keras.layers.Dense(vocab_size, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate))
    return model


def build_vocabulary(text):
    if not text:
        raise ValueError("empty text")
    chars = list(set(text))
    return chars, {c: i for i, c in enumerate(chars)}, {i: c for i, c in enumerate(chars)}


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
            p = p ** (1 / temperature)
            ids.append(int(rng.choice(V, p=p / p.sum())))
        else:
            ids.append(int(np.argmax(p)))
    return "".join(idx_to_char[i] for i in ids[len(start_text) :])
