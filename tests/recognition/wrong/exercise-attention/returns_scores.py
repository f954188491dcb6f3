# expect: attention=scores-for-weights
# returns the scores instead of the weights.
import keras
import numpy as np
from keras import layers


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
    return weights @ v, scores


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    x = layers.Input(shape=(seq_length, n_features), name="steps")
    h = layers.LSTM(units, return_sequences=True, name="lstm")(x)
    # query, value, key
    a = layers.Attention(name="look")([h, h, h])
    m = layers.GlobalAveragePooling1D(name="mean")(a)
    y = layers.Dense(n_out, name="out")(m)
    model = keras.Model(x, y, name="attention_model")
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.MeanSquaredError())
    return model
