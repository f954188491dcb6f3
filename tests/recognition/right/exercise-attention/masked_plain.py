import keras
import numpy as np


def attention(q, k, v, mask=None, scale=True):
    q, k, v = [np.array(a, dtype=np.float64) for a in (q, k, v)]
    for a in (q, k, v):
        if a.ndim != 3:
            raise ValueError(f"not three axes: {a.shape}")
    try:
        (B1, Tq, d1), (B2, Tk1, d2), (B3, Tk2, dv) = q.shape, k.shape, v.shape
        assert B1 == B2 == B3, f"B: {B1}, {B2}, {B3}"
        assert d1 == d2, f"d: {d1}, {d2}"
        assert Tk1 == Tk2, f"Tk: {Tk1}, {Tk2}"
    except AssertionError as e:
        raise ValueError(str(e))
    if mask is None:
        hidden = np.zeros((B1, Tq, Tk1), dtype=bool)
    else:
        if np.shape(mask) != (B1, Tq, Tk1):
            raise ValueError(f"mask shape {np.shape(mask)}")
        hidden = np.logical_not(mask)
        if hidden.all(axis=2).any():
            raise ValueError(f"nothing to look at for query {np.argwhere(hidden.all(axis=2))[0]}")
    # one query against all keys, by broadcasting
    scores = (q[:, :, np.newaxis, :] * k[:, np.newaxis, :, :]).sum(axis=3)
    if scale:
        scores *= 1 / np.sqrt(d1)
    top = np.ma.array(scores, mask=hidden).max(axis=2).filled(0)
    exps = np.exp(np.where(hidden, -np.inf, scores - top[:, :, None]))
    weights = exps / exps.sum(axis=2)[:, :, None]
    out = (weights[:, :, :, np.newaxis] * v[:, np.newaxis, :, :]).sum(axis=2)
    return out, weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input(shape=(seq_length, n_features))
    states = keras.layers.LSTM(units, return_sequences=True)(inputs)
    looked = keras.layers.Attention()([states, states])
    average = keras.layers.GlobalAveragePooling1D()(looked)
    outputs = keras.layers.Dense(n_out)(average)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mse")
    return model
