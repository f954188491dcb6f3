import keras
import numpy as np


def attention(q, k, v, mask=None, scale=True):
    if not q.ndim == k.ndim == v.ndim == 3:
        raise ValueError(f"axes: {q.ndim}, {k.ndim}, {v.ndim}")
    (B, Tq, d), (Bk, Tk, dk), (Bv, Tv, _) = q.shape, k.shape, v.shape
    if not (B == Bk == Bv and d == dk and Tk == Tv):
        raise ValueError(f"shapes: {q.shape}, {k.shape}, {v.shape}")
    scores = np.einsum("bqd,bkd->bqk", q, k) / (np.sqrt(d) if scale else 1)
    if mask is not None:
        if mask.shape != (B, Tq, Tk) or not mask.any(axis=-1).all():
            raise ValueError(f"mask: {mask}")
        scores = scores + np.where(mask, 0, -1e9)
    scores = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return weights @ v, weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input((seq_length, n_features))
    states = keras.layers.LSTM(units, return_sequences=True)(inputs)
    looked = keras.layers.Attention()([states, states])
    outputs = keras.layers.Dense(n_out)(keras.layers.GlobalAveragePooling1D()(looked))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(learning_rate), "mse")
    return model
