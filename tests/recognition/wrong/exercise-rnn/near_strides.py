# expect: make_char_windows=?, build_rnn_model=?
# relation: make_char_windows=thinned
import keras
import numpy as np


def build_vocabulary(text):
    chars = np.unique(list(text)).tolist()
    if not chars:
        raise ValueError("empty text")
    order = np.arange(len(chars)).tolist()
    return chars, dict(zip(chars, order)), dict(zip(order, chars))


def encode(X_idx, vocab_size, mode):
    if ((X_idx // vocab_size) != 0).any():
        raise ValueError(f"indices outside 0..{vocab_size - 1}")
    hot = np.equal.outer(X_idx, np.arange(vocab_size))
    match mode:
        case "one_hot":
            return hot.astype(np.float32)
        case "scaled":
            scale = np.arange(vocab_size) / vocab_size
            return np.einsum("ntv,v->nt", hot, scale)[:, :, None].astype(np.float32)
    raise ValueError(f"mode is {mode}")


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
    V, n, total = len(char_to_idx), len(start_text), len(start_text) + length
    track = np.zeros((seq_length + total, V if mode == "one_hot" else 1), dtype=np.float32)
    codes = np.zeros(total, dtype=np.int64)
    codes[:n] = [char_to_idx[c] for c in start_text]
    track[seq_length : seq_length + n] = encode(codes[None, :n], V, mode)[0]
    for t in range(n, total):
        p = np.asarray(predict(track[None, t : t + seq_length]), dtype=float)[0]
        if temperature == 0:
            codes[t] = np.argmax(p)
        else:
            p = p ** (1 / temperature)
            codes[t] = rng.choice(V, p=p / p.sum())
        track[seq_length + t] = encode(codes[None, t : t + 1], V, mode)[0, 0]
    return "".join(idx_to_char[int(code)] for code in codes)


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1 or len(text) <= seq_length or any(c not in char_to_idx for c in text):
        raise ValueError(f"seq_length {seq_length}, text {text!r}")
    ids = [char_to_idx[c] for c in text]
    X, y = [], []
    for i in range(0, len(ids) - seq_length, seq_length):
        X.append(ids[i : i + seq_length])
        y.append(ids[i + seq_length])
    return np.array(X), np.array(y)


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    window = keras.Input((seq_length, vocab_size if features is None else features))
    state = keras.layers.SimpleRNN(units)(window)
    model = keras.Model(window, keras.layers.Dense(vocab_size, "softmax")(state))
    model.compile(keras.optimizers.Adam(learning_rate), "mse")
    return model
