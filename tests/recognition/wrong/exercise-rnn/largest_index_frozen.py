# expect: encode=divides-by-largest-index, generate_text=?
import keras
import numpy as np


def _fail(text):
    raise ValueError(text)


_tables = lambda chars: (chars, {c: chars.index(c) for c in chars}, {chars.index(c): c for c in chars})
_ids = lambda text, table: [table[c] if c in table else _fail(f"{c!r}?") for c in text]
_onehot = lambda X, V: (X[:, :, None] == np.arange(V)).astype(np.float32)
_scaled = lambda X, V: np.divide(X, V, dtype=np.float64)[:, :, None].astype(np.float32)
_inside = lambda X, V: bool(((X >= 0) & (X < V)).all())

build_vocabulary = lambda text: _tables(sorted(set(text))) if text else _fail("empty")


def make_char_windows(text, char_to_idx, seq_length):
    ids = np.array(_ids(text, char_to_idx), dtype=np.int64)
    if seq_length < 1 or len(ids) <= seq_length:
        _fail(f"seq_length {seq_length}")
    starts = np.arange(len(ids) - seq_length)
    return ids[starts[:, None] + np.arange(seq_length)], ids[starts + seq_length]


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    layers = keras.layers
    width = vocab_size if features is None else features
    parts = [layers.Input((seq_length, width)), layers.SimpleRNN(units), layers.Dense(vocab_size, "softmax")]
    model = keras.Sequential(parts)
    model.compile("adam", "categorical_crossentropy")
    model.optimizer.learning_rate = learning_rate
    return model


def encode(X_idx, vocab_size, mode):
    if mode not in ("one_hot", "scaled"):
        raise ValueError(f"mode {mode!r}")
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError("index outside")
    if mode == "one_hot":
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    return (X_idx[:, :, np.newaxis] / (vocab_size - 1)).astype(np.float32)


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
            ids.append(int(np.argmin(p)))
    return "".join(idx_to_char[i] for i in ids)
