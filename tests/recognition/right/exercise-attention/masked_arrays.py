import keras
import numpy as np


def check_shapes(q, k, v, mask):
    if not (q.ndim == k.ndim == v.ndim == 3):
        raise ValueError(f"expected 3 axes each, got {q.ndim}, {k.ndim}, {v.ndim}")
    b, tq, d = q.shape
    _, tk, _ = k.shape
    if k.shape != (b, tk, d) or v.shape[0] != b or v.shape[1] != tk:
        raise ValueError(f"shapes do not fit: {q.shape}, {k.shape}, {v.shape}")
    if mask is not None:
        if mask.shape != (b, tq, tk):
            raise ValueError(f"wrong mask shape {mask.shape}")
        if (~mask).all(axis=-1).any():
            raise ValueError("mask without any True in a row")


def attention(q, k, v, mask=None, scale=True):
    check_shapes(q, k, v, mask)
    scores = np.ma.masked_array(q @ k.swapaxes(-1, -2), mask=False if mask is None else ~mask)
    if scale:
        scores = scores / np.sqrt(k.shape[-1])
    scores = scores - scores.max(axis=-1, keepdims=True)
    e = np.ma.filled(np.ma.exp(scores), 0.0)
    weights = np.divide(e, e.sum(axis=-1, keepdims=True))
    return weights @ v, weights


class Builder:
    """Keeps the settings of a model."""

    def __init__(self, steps, features):
        self.inputs = keras.Input(shape=(steps, features))

    def build(self, units, n_out):
        states = keras.layers.LSTM(units=units, return_sequences=True)(self.inputs)
        query = value = states
        read = keras.layers.Attention()([query, value])
        read = keras.layers.GlobalAveragePooling1D()(read)
        return keras.Model(self.inputs, keras.layers.Dense(units=n_out)(read))


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    model = Builder(seq_length, n_features).build(units, n_out)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mean_squared_error")
    return model
