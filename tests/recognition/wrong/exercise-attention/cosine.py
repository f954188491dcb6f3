# expect: attention=?
# uses the cosine of query and key instead of the dot product.
import keras
import numpy as np


def attention(q, k, v, mask=None, scale=True):
    for name, array in (("q", q), ("k", k), ("v", v)):
        if array.ndim != 3:
            raise ValueError(f"{name} must have three axes, but its shape is {array.shape}")
    if not q.shape[0] == k.shape[0] == v.shape[0]:
        raise ValueError(f"different numbers of sequences: {q.shape[0]}, {k.shape[0]}, {v.shape[0]}")
    if q.shape[2] != k.shape[2]:
        raise ValueError(f"queries of length {q.shape[2]}, keys of length {k.shape[2]}")
    if k.shape[1] != v.shape[1]:
        raise ValueError(f"{k.shape[1]} keys, {v.shape[1]} values")
    scores = q.astype(float) @ k.astype(float).transpose(0, 2, 1)
    scores = scores / (np.linalg.norm(q, axis=2)[:, :, None] * np.linalg.norm(k, axis=2)[:, None, :] + 1e-12)
    if scale:
        scores = scores / np.sqrt(q.shape[2])
    if mask is not None:
        if mask.shape != scores.shape:
            raise ValueError(f"mask has shape {mask.shape}, not {scores.shape}")
        if not mask.any(axis=2).all():
            raise ValueError(f"mask leaves a query without keys: {mask}")
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights = e / e.sum(axis=2, keepdims=True)
    return weights @ v, weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input((seq_length, n_features))
    states = keras.layers.LSTM(units=units, return_sequences=True)(inputs)
    result = keras.layers.Attention()(inputs=[states, states])
    result = keras.ops.mean(result, axis=1)
    model = keras.Model(inputs, keras.layers.Dense(n_out)(result))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss=keras.losses.MeanSquaredError())
    return model
