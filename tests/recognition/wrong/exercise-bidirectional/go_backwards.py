# expect: build_bidirectional=layer-not-turned-back, is_causal=compares-one-number
import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3:
        raise ValueError("shape %s" % (X.shape,))
    if merge not in ("concat", "sum", "ave"):
        raise ValueError("merge = %s" % merge)
    n = X.shape[1]
    fw, bw = [], []
    s = None
    for i in range(n):
        s = step_f(X[:, i], s)
        fw += [s]
    s = None
    for i in range(n):
        s = step_b(X[:, n - 1 - i], s)
        bw += [s]
    fw = np.stack(fw, axis=1)
    bw = np.stack(bw[::-1], axis=1)
    if merge == "concat":
        return np.concatenate([fw, bw], axis=2)
    if merge == "sum":
        return fw + bw
    return (fw + bw) / 2.0


def build_bidirectional(T, F, units, n_out, merge="concat"):
    merges = {
        "concat": keras.layers.Concatenate(axis=-1),
        "sum": keras.layers.Add(),
        "ave": keras.layers.Average(),
    }
    if merge not in merges:
        raise ValueError("unknown merge: " + merge)
    inp = keras.Input(shape=(T, F))
    fwd = keras.layers.LSTM(units, return_sequences=True)(inp)
    bwd = keras.layers.LSTM(units, return_sequences=True, go_backwards=True)(inp)
    out = keras.layers.Dense(n_out)(merges[merge]([fwd, bwd]))
    m = keras.Model(inp, out)
    m.compile(optimizer="adam", loss="mse")
    return m


def is_causal(predict, T, F):
    a = np.random.normal(size=(1, T, F))
    out = predict(a)
    for i in range(1, T):
        b = a.copy()
        b[0, i:] = np.random.normal(size=(T - i, F))
        if np.abs(predict(b)[0, :i, 0] - out[0, :i, 0]).max() > 1e-7:
            return False
    return True
