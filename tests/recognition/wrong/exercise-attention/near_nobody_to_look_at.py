# expect: attention=?
# relation: attention=returned
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


def attention(q, k, v, mask=None, scale=True):
    check_shapes(q, k, v, mask)
    s = np.matmul(q, np.swapaxes(k, 1, 2))
    if scale:
        s = s / q.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1e30)
    s = s - np.max(s, axis=-1, keepdims=True)
    e = np.exp(s)
    a = e / np.sum(e, axis=-1, keepdims=True)
    if mask is not None:
        a = a * mask.any(axis=-1, keepdims=True)
    return np.matmul(a, v), a


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    x = Input(shape=(seq_length, n_features))
    h = LSTM(units, return_sequences=True)(x)
    context = Attention()([h, h])
    pooled = GlobalAveragePooling1D()(context)
    y = Dense(n_out)(pooled)
    model = Model(inputs=x, outputs=y)
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate=learning_rate))
    return model
