import math

import numpy as np
from keras.layers import Attention, Dense, GlobalAveragePooling1D, Input, LSTM
from keras.models import Model
from keras.optimizers import Adam


def attention(q, k, v, mask=None, scale=True):
    if q.ndim != 3:
        raise ValueError(f"q.ndim = {q.ndim}")
    if k.ndim != 3:
        raise ValueError(f"k.ndim = {k.ndim}")
    if v.ndim != 3:
        raise ValueError(f"v.ndim = {v.ndim}")
    B, Tq, d = q.shape
    Tk, dv = k.shape[1], v.shape[2]
    if k.shape[0] != B or v.shape[0] != B:
        raise ValueError(f"batch sizes {B}, {k.shape[0]}, {v.shape[0]}")
    if k.shape[2] != d:
        raise ValueError(f"d = {d} and {k.shape[2]}")
    if v.shape[1] != Tk:
        raise ValueError(f"Tk = {Tk} and {v.shape[1]}")
    if mask is not None and mask.shape != (B, Tq, Tk):
        raise ValueError(f"mask.shape = {mask.shape}")

    out = np.zeros((B, Tq, dv))
    weights = np.zeros((B, Tq, Tk))
    for b in range(B):
        for i in range(Tq):
            allowed = [j for j in range(Tk) if mask is None or mask[b, i, j]]
            if not allowed:
                raise ValueError(f"query {i} of sequence {b} may look at no key")
            scores = []
            for j in allowed:
                s = float(sum(float(q[b, i, n]) * float(k[b, j, n]) for n in range(d)))
                if scale:
                    s = s / math.sqrt(d)
                scores.append(s)
            largest = max(scores)
            exps = [math.exp(s - largest) for s in scores]
            total = sum(exps)
            for j, e in zip(allowed, exps):
                weights[b, i, j] = e / total
                out[b, i] += e / total * v[b, j]
    return out, weights


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
