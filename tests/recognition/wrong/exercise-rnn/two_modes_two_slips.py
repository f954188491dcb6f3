# expect: encode=one-hot-axes-swapped+scaled-without-axis, generate_text=window-not-slid+prompt-dropped, build_rnn_model=no-softmax+ignores-learning-rate
import numpy as np
from tensorflow.keras.layers import Dense, Input, SimpleRNN
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.utils import to_categorical


def build_vocabulary(text):
    if not text:
        raise ValueError("text is empty")
    chars = sorted(list(set(text)))
    char_to_idx = {ch: i for i, ch in enumerate(chars)}
    idx_to_char = {i: ch for i, ch in enumerate(chars)}
    return chars, char_to_idx, idx_to_char


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1:
        raise ValueError("seq_length must be positive: %r" % seq_length)
    if len(text) - seq_length < 1:
        raise ValueError("text too short: %r" % text)
    for ch in set(text):
        if ch not in char_to_idx:
            raise ValueError("not in vocabulary: %r" % ch)
    X, y = [], []
    for i in range(len(text) - seq_length):
        seq_in = text[i : i + seq_length]
        seq_out = text[i + seq_length]
        X.append([char_to_idx[ch] for ch in seq_in])
        y.append(char_to_idx[seq_out])
    return np.array(X), np.array(y)


def encode(X_idx, vocab_size, mode):
    if mode not in ("one_hot", "scaled"):
        raise ValueError("mode: %r" % mode)
    if (X_idx < 0).any() or (X_idx >= vocab_size).any():
        raise ValueError("index out of 0..%d" % (vocab_size - 1))
    if mode == "one_hot":
        hot = np.array([to_categorical(row, num_classes=vocab_size) for row in X_idx], dtype="float32")
        return hot.transpose(0, 2, 1)
    return (X_idx / float(vocab_size)).astype("float32")


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = Sequential()
    model.add(Input(shape=(seq_length, features or vocab_size)))
    model.add(SimpleRNN(units))
    model.add(Dense(vocab_size))
    model.compile(loss="categorical_crossentropy", optimizer="adam")
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
    for ch in start_text:
        if ch not in char_to_idx:
            raise ValueError("not in vocabulary: %r" % ch)
    V = len(char_to_idx)
    generated = start_text
    for i in range(length):
        pattern = [char_to_idx[ch] for ch in generated[:seq_length]]
        padded = np.zeros((1, seq_length, V if mode == "one_hot" else 1), dtype="float32")
        for t, index in enumerate(pattern, seq_length - len(pattern)):
            if mode == "one_hot":
                padded[0, t, index] = 1
            else:
                padded[0, t, 0] = index / V
        preds = np.asarray(predict(padded))[0]
        if temperature == 0:
            index = np.argmax(preds)
        else:
            preds = np.log(np.maximum(preds.astype("float64"), 1e-300)) / temperature
            preds = np.exp(preds) / np.sum(np.exp(preds))
            index = rng.choice(V, p=preds)
        generated += idx_to_char[int(index)]
    return generated[len(start_text) :]
