# expect: build_bidirectional=last-row-of-both, is_causal=compares-the-first-output-only
import keras
import numpy as np


def assert_mode(merge):
    if merge not in {"concat", "sum", "ave"}:
        raise ValueError(merge)


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
    assert_mode(merge)
    inp = keras.Input(shape=(T, F))
    seq = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge)(inp)
    summary = seq[:, -1, :]
    out = keras.layers.Dense(n_out)(summary)
    m = keras.Model(inputs=inp, outputs=out)
    m.compile("adam", loss="mean_squared_error")
    return m


def is_causal(predict, T, F):
    x = np.ones((1, T, F))
    y = x.copy()
    y[:, 1:] = 5
    return np.allclose(predict(x)[:, 0], predict(y)[:, 0])
