from functools import wraps

import keras
import numpy as np


def checked(function):
    @wraps(function)
    def wrapper(q, k, v, mask=None, scale=True):
        try:
            (b1, tq, d1), (b2, tk, d2), (b3, t3, _) = q.shape, k.shape, v.shape
        except ValueError:
            raise ValueError(f"shapes {q.shape}, {k.shape}, {v.shape}") from None
        if b1 != b2 or b2 != b3 or d1 != d2 or tk != t3:
            raise ValueError("sizes")
        if mask is not None and tuple(mask.shape) != (b1, tq, tk):
            raise ValueError("mask")
        return function(q, k, v, mask, scale)

    return wrapper


def one_sequence(q, k, v, mask, root):
    s = (q @ k.T) / root
    s[np.logical_not(mask)] = -np.inf
    if np.isinf(s).all(axis=1).any():
        raise ValueError("no key for a query")
    e = np.exp(s - s.max(axis=1)[:, None])
    w = e / e.sum(axis=1)[:, None]
    return w @ v, w


@checked
def attention(q, k, v, mask=None, scale=True):
    root = np.sqrt(q.shape[-1]) if scale else 1
    masks = [np.array(True)] * len(q) if mask is None else mask
    pairs = [
        one_sequence(a, b, c, np.broadcast_to(m, (len(a), len(b))), root)
        for a, b, c, m in zip(q, k, v, masks)
    ]
    return tuple(map(np.stack, zip(*pairs)))


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    layers = keras.layers
    x = inputs = keras.Input(shape=[seq_length, n_features])
    x = layers.LSTM(units, return_sequences=True)(x)
    x = layers.Attention()([x, x])
    x = layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, layers.Dense(n_out)(x))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate))
    return model
