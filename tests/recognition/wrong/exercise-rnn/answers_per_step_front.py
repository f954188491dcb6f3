# expect: build_rnn_model=output-per-step, generate_text=prompt-at-the-front
import keras
import numpy as np
from keras.layers import Dense, SimpleRNN


def build_vocabulary(text):
    chars = np.unique(list(text)).tolist()
    if not chars:
        raise ValueError("empty text")
    order = np.arange(len(chars)).tolist()
    return chars, dict(zip(chars, order)), dict(zip(order, chars))


def make_char_windows(text, char_to_idx, seq_length):
    missing = [c for c in text if c not in char_to_idx]
    if missing or not 1 <= seq_length <= len(text) - 1:
        raise ValueError(f"missing {missing}, seq_length {seq_length}, {len(text)} characters")
    codes = np.vectorize(char_to_idx.get, otypes=[np.int64])(list(text))
    grid = np.add.outer(np.arange(len(text) - seq_length), np.arange(seq_length))
    return codes[grid], codes[seq_length:]


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


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = keras.Sequential([keras.Input((seq_length, features or vocab_size))])
    model.add(SimpleRNN(units, return_sequences=True))
    model.add(Dense(vocab_size, activation="softmax"))
    model.compile(keras.optimizers.Adam(learning_rate), "categorical_crossentropy")
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
    V = len(char_to_idx)
    ids = [char_to_idx[c] for c in start_text]
    for _ in range(length):
        recent = ids[-seq_length:]
        x = np.zeros((1, seq_length, V if mode == "one_hot" else 1), dtype=np.float32)
        for k, i in enumerate(recent):
            place = k
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
    return "".join(idx_to_char[i] for i in ids)
