import keras
import numpy as np
from keras import layers


def softmax(x):
    shifted = x - x.max(-1)[..., None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(-1))[..., None])


def attention(q, k, v, mask=None, scale=True):
    if {np.ndim(q), np.ndim(k), np.ndim(v)} != {3}:
        raise ValueError("not three axes")
    if q.shape[0] != k.shape[0] or k.shape[0] != v.shape[0]:
        raise ValueError(f"batch sizes {q.shape[0]}, {k.shape[0]}, {v.shape[0]}")
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"d is {q.shape[-1]} and {k.shape[-1]}")
    if k.shape[1] != v.shape[1]:
        raise ValueError(f"Tk is {k.shape[1]} and {v.shape[1]}")
    factor = 1 / np.sqrt(q.shape[-1]) if scale else 1.0
    scores = factor * np.einsum("bid,bjd->bij", q, k)
    if mask is not None:
        if np.shape(mask) != scores.shape:
            raise ValueError(f"mask of shape {np.shape(mask)}")
        if not np.all(np.any(mask, axis=-1)):
            raise ValueError("there is a query with no key")
        scores[~mask] = -np.inf
    weights = softmax(scores)
    return np.einsum("bij,bjv->biv", weights, v), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input((seq_length, n_features))
    hidden = layers.LSTM(units, return_sequences=True)(inputs)
    mixed = layers.Attention()([hidden, hidden])
    pooled = layers.Flatten()(layers.AveragePooling1D(pool_size=seq_length)(mixed))
    model = keras.Model(inputs, layers.Dense(n_out)(pooled))
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.MeanSquaredError())
    return model
