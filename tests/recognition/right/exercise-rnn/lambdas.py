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


encode = lambda X_idx, vocab_size, mode: (
    (_onehot if mode == "one_hot" else _scaled)(X_idx, vocab_size)
    if mode in ("one_hot", "scaled") and _inside(X_idx, vocab_size)
    else _fail(f"{mode}, {vocab_size}")
)


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    layers = keras.layers
    width = vocab_size if features is None else features
    parts = [layers.Input((seq_length, width)), layers.SimpleRNN(units), layers.Dense(vocab_size, "softmax")]
    model = keras.Sequential(parts)
    model.compile("adam", "categorical_crossentropy")
    model.optimizer.learning_rate = learning_rate
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
    ids = _ids(start_text or _fail("empty prompt"), char_to_idx)
    V, L = len(char_to_idx), seq_length
    pick = lambda p: (
        int(np.argmax(p))
        if temperature == 0
        else int(rng.choice(V, p=p ** (1 / temperature) / (p ** (1 / temperature)).sum()))
    )
    for _ in range(length):
        x = encode(np.array([ids[-L:]]), V, mode)
        x = np.concatenate([np.zeros((1, L - x.shape[1], x.shape[2]), np.float32), x], axis=1)
        ids.append(pick(np.asarray(predict(x)).reshape(-1).astype(float)))
    return "".join(idx_to_char[i] for i in _ids(start_text, char_to_idx) + ids[len(start_text) :])
