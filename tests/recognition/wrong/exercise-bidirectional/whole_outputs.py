# expect: is_causal=compares-everything, build_bidirectional=absolute-error
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
    if merge not in ("concat", "sum", "ave"):
        raise ValueError("merge = %s" % merge)
    m = keras.Sequential()
    m.add(keras.Input((T, F)))
    m.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge))
    m.add(keras.layers.Dense(n_out))
    m.compile(optimizer=keras.optimizers.Adam(), loss="mean_absolute_error")
    return m


def is_causal(predict, T, F):
    X = np.random.default_rng(2).random((1, T, F))
    y = predict(X)
    same = []
    for t in range(1, T):
        Z = X.copy()
        Z[:, t:] *= 3
        same.append(np.allclose(y, predict(Z)))
    return all(same)
