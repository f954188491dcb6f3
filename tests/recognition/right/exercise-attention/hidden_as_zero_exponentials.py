import numpy as np
from tensorflow.keras.layers import LSTM, Attention, Dense, GlobalAveragePooling1D, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam


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
    scores = (q[:, :, None, :] * k[:, None, :, :]).sum(axis=-1).astype(float)
    if scale is True:
        scores /= np.sqrt(q.shape[2])
    visible = np.ones_like(scores, dtype=bool) if mask is None else mask
    top = np.max(scores, axis=2, keepdims=True, where=visible, initial=-np.inf)
    powers = np.exp(np.minimum(scores - top, 0)) * visible
    weights = powers / powers.sum(axis=2, keepdims=True)
    return (weights[..., None] * v[:, None]).sum(axis=2), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    x = Input(shape=(seq_length, n_features))
    h = LSTM(units, return_sequences=True)(x)
    context = Attention()([h, h])
    pooled = GlobalAveragePooling1D()(context)
    y = Dense(n_out)(pooled)
    model = Model(inputs=x, outputs=y)
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate=learning_rate))
    return model
