import numpy as np
from keras import Input, Model
from keras import layers as L
from keras.optimizers import Adam


def attention(q, k, v, mask=None, scale=True):
    if q.ndim != 3 or k.ndim != 3 or v.ndim != 3: raise ValueError("ndim")
    if q.shape[::2] != k.shape[::2] or k.shape[:2] != v.shape[:2]: raise ValueError("shape")
    s = q @ k.transpose(0, 2, 1) / (q.shape[2] ** 0.5) ** bool(scale)
    m = np.ones(s.shape, bool) if mask is None else mask
    if m.shape != s.shape or not m.any(-1).all(): raise ValueError("mask")
    s = np.where(m, s, -np.inf)
    a = np.exp(s - s.max(-1, keepdims=True)); a /= a.sum(-1, keepdims=True)
    return a @ v, a


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    h = L.LSTM(units, return_sequences=True)(i := Input((seq_length, n_features)))
    m = Model(i, L.Dense(n_out)(L.GlobalAveragePooling1D()(L.Attention()([h, h]))))
    m.compile(Adam(learning_rate), "mse")
    return m
