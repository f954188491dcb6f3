# expect: encode=scaled-without-axis, generate_text=prompt-counted
import keras
import numpy as np


def build_vocabulary(text):
    if not text:
        raise ValueError(f'text is empty: {text!r}')
    chars = sorted(set(text))
    char_to_idx = {c: i for i, c in enumerate(chars)}
    idx_to_char = {i: c for i, c in enumerate(chars)}
    return (chars, char_to_idx, idx_to_char)


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1:
        raise ValueError(f'seq_length must be at least 1, not {seq_length}')
    n = len(text) - seq_length
    if n < 1:
        raise ValueError(f'seq_length {seq_length} leaves no windows in {len(text)} characters')
    for c in text:
        if c not in char_to_idx:
            raise ValueError(f'{c!r} is not in the vocabulary')
    codes = [char_to_idx[c] for c in text]
    X_idx = np.array([codes[i:i + seq_length] for i in range(n)], dtype=np.int64)
    y_idx = np.array(codes[seq_length:], dtype=np.int64)
    return (X_idx, y_idx)


def encode(X_idx, vocab_size, mode):
    if mode not in ('one_hot', 'scaled'):
        raise ValueError(f'unknown mode {mode!r}')
    X_idx = np.asarray(X_idx)
    wrong = X_idx[(X_idx < 0) | (X_idx >= vocab_size)]
    if wrong.size:
        raise ValueError(f'index {wrong[0]} is outside 0 to {vocab_size - 1}')
    if mode == 'one_hot':
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    return (X_idx / vocab_size).astype(np.float32)


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    if features is None:
        features = vocab_size
    model = keras.Sequential([keras.Input(shape=(seq_length, features)), keras.layers.SimpleRNN(units), keras.layers.Dense(vocab_size, activation='softmax')])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss='categorical_crossentropy')
    return model


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length, mode='one_hot', temperature=0.0, rng=None):
    if start_text == '':
        raise ValueError("start_text is empty: ''")
    for c in start_text:
        if c not in char_to_idx:
            raise ValueError(f'{c!r} is not in the vocabulary')
    V = len(char_to_idx)
    indices = [char_to_idx[c] for c in start_text]
    text = start_text
    for _ in range(length - len(start_text)):
        latest = indices[-seq_length:]
        encoded = encode(np.array([latest]), V, mode)
        window = np.zeros((1, seq_length, encoded.shape[2]), dtype=np.float32)
        window[:, seq_length - len(latest):] = encoded
        p = np.asarray(predict(window), dtype=np.float64)[0]
        if temperature > 0:
            p = (p / p.max()) ** (1 / temperature)
            nxt = int(rng.choice(V, p=p / p.sum()))
        else:
            nxt = int(np.argmax(p))
        indices.append(nxt)
        text += idx_to_char[nxt]
        if len(text) >= length:
            break
    return text
