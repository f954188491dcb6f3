# expect: build_vocabulary=unsorted-vocabulary, build_rnn_model=sparse-loss
import numpy as np
from tensorflow.keras.layers import Dense, Input, SimpleRNN
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.utils import to_categorical


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
        return np.array([to_categorical(row, num_classes=vocab_size) for row in X_idx], dtype="float32")
    X = np.reshape(X_idx, (len(X_idx), X_idx.shape[1], 1))
    return (X / float(vocab_size)).astype("float32")


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
    generated = start_text
    for i in range(length):
        pattern = [char_to_idx[ch] for ch in generated[-seq_length:]]
        x = encode(np.array([pattern]), len(char_to_idx), mode)
        padded = np.zeros((1, seq_length, x.shape[2]), dtype="float32")
        padded[0, -len(pattern) :] = x[0]
        preds = np.asarray(predict(padded))[0]
        if temperature == 0:
            index = np.argmax(preds)
        else:
            preds = np.log(np.maximum(preds.astype("float64"), 1e-300)) / temperature
            preds = np.exp(preds) / np.sum(np.exp(preds))
            index = np.argmax(rng.multinomial(1, preds))
        generated += idx_to_char[int(index)]
    return generated


def build_vocabulary(text):
    if len(text) == 0:
        raise ValueError("text is empty")
    unique = set(text)
    char_to_idx, idx_to_char = {}, {}
    for number, ch in enumerate(unique):
        char_to_idx[ch] = number
        idx_to_char[number] = ch
    return list(unique), char_to_idx, idx_to_char


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = Sequential()
    model.add(Input(shape=(seq_length, features or vocab_size)))
    model.add(SimpleRNN(units))
    model.add(Dense(vocab_size, activation="softmax"))
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(learning_rate=learning_rate))
    return model
