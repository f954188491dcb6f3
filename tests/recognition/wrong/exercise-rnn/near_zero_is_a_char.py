# expect: generate_text=padded-with-a-character
import numpy as np
from keras import Input, Model
from keras.layers import Dense, SimpleRNN
from keras.optimizers import Adam
from numpy.lib.stride_tricks import sliding_window_view


def build_vocabulary(text):
    chars = sorted(set(text))
    if not chars:
        raise ValueError("empty text")
    return chars, {c: i for i, c in enumerate(chars)}, dict(enumerate(chars))


def _indices(text, char_to_idx):
    unknown = sorted(set(text) - set(char_to_idx))
    if unknown:
        raise ValueError(f"unknown: {unknown}")
    return np.array([char_to_idx[c] for c in text], dtype=np.int64)


def make_char_windows(text, char_to_idx, seq_length):
    if not 1 <= seq_length < len(text):
        raise ValueError(f"{seq_length} does not fit {len(text)}")
    windows = sliding_window_view(_indices(text, char_to_idx), seq_length + 1)
    return windows[:, :-1], windows[:, -1]


def encode(X_idx, vocab_size, mode):
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError("an index is outside")
    if mode == "one_hot":
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    if mode == "scaled":
        return (X_idx / vocab_size)[..., None].astype(np.float32)
    raise ValueError(mode)


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    x = Input((seq_length, features or vocab_size))
    model = Model(x, Dense(vocab_size, "softmax")(SimpleRNN(units)(x)))
    model.compile(Adam(learning_rate), "categorical_crossentropy")
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
    known, n = list(_indices(start_text, char_to_idx)), len(char_to_idx)
    for _ in range(length):
        recent = known[-seq_length:]
        recent = [0] * (seq_length - len(recent)) + recent
        p = np.asarray(predict(encode(np.array([recent]), n, mode)), dtype=np.float64).ravel()
        if temperature > 0:
            p = p ** (1 / temperature)
            known.append(rng.choice(n, p=p / p.sum()))
        else:
            known.append(p.argmax())
    return "".join(idx_to_char[int(i)] for i in known)
