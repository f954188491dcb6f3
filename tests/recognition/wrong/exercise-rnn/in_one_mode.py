# expect: encode=one-hot-axes-swapped, generate_text=window-not-slid
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


def encode(X_idx, vocab_size, mode):
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError("index outside")
    n, L = X_idx.shape
    if mode == "one_hot":
        X = np.zeros((n, vocab_size, L), dtype=np.float32)
        for i in range(n):
            for t in range(L):
                X[i, X_idx[i, t], t] = 1
    elif mode == "scaled":
        X = np.zeros((n, L, 1), dtype=np.float32)
        for i in range(n):
            for t in range(L):
                X[i, t, 0] = X_idx[i, t] / vocab_size
    else:
        raise ValueError(mode)
    return X


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    if features is None:
        features = vocab_size
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, features)))
    model.add(keras.layers.SimpleRNN(units))
    model.add(keras.layers.Dense(vocab_size, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate))
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
    if not start_text:
        raise ValueError("start_text is empty")
    for c in start_text:
        if c not in char_to_idx:
            raise ValueError(f"unknown character {c!r}")
    V = len(char_to_idx)
    text = start_text
    for _ in range(length):
        if mode == "one_hot":
            recent = text[-seq_length:]
            x = np.zeros((1, seq_length, V), dtype=np.float32)
            for k in range(len(recent)):
                x[0, seq_length - len(recent) + k, char_to_idx[recent[k]]] = 1
        else:
            recent = text[:seq_length]
            x = np.zeros((1, seq_length, 1), dtype=np.float32)
            for k in range(len(recent)):
                x[0, seq_length - len(recent) + k, 0] = char_to_idx[recent[k]] / V
        p = np.asarray(predict(x), dtype=float)[0]
        if temperature == 0:
            chosen = int(np.argmax(p))
        else:
            q = p ** (1 / temperature)
            chosen = int(rng.choice(V, p=q / q.sum()))
        text += idx_to_char[chosen]
    return text
