import math

import numpy as np
from keras.layers import Attention, Dense, GlobalAveragePooling1D, Input, LSTM
from keras.models import Model
from keras.optimizers import Adam


class DotProductAttention:
    def __init__(self, scale):
        self.scale = scale

    def scores(self, q, k):
        s = np.einsum("...id,...jd->...ij", q, k)
        return s / math.sqrt(q.shape[-1]) if self.scale else s

    def weights(self, scores, mask):
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        logsum = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
        return np.exp(scores - logsum)


def attention(q, k, v, mask=None, scale=True):
    if q.ndim != 3 or k.ndim != 3 or v.ndim != 3:
        raise ValueError(f"number of axes: q {q.ndim}, k {k.ndim}, v {v.ndim}")
    sizes = {"B": {q.shape[0], k.shape[0], v.shape[0]}, "d": {q.shape[2], k.shape[2]}, "Tk": {k.shape[1], v.shape[1]}}
    for name, different in sizes.items():
        if len(different) != 1:
            raise ValueError(f"{name} should be one number, but there are {different}")
    if mask is not None:
        if mask.shape != (len(q), q.shape[1], k.shape[1]):
            raise ValueError(f"mask of shape {mask.shape}")
        if not np.all(np.any(mask, axis=-1)):
            raise ValueError(f"mask forbids everything: {mask}")
    layer = DotProductAttention(scale)
    a = layer.weights(layer.scores(q.astype(float), k.astype(float)), mask)
    return a @ v, a


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    """Input -> LSTM -> Attention -> mean -> Dense"""
    inp = Input((seq_length, n_features))
    lstm = LSTM(units, return_sequences=True)
    att = Attention()
    x = lstm(inp)
    x = att([x, x])
    x = GlobalAveragePooling1D()(x)
    x = Dense(n_out, activation="linear")(x)
    model = Model(inputs=inp, outputs=x)
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate), metrics=["mae"])
    return model
