# expect: bidirectional_forward=backward-first, is_causal=changes-nothing
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
        return np.concatenate([bw, fw], axis=2)
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
    m.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError())
    return m


def is_causal(predict, T, F):
    X = np.random.normal(size=(1, T, F))
    for t in range(T - 1):
        other = X  # a second version of the input
        other[0, t + 1 :] = np.random.normal(size=(T - t - 1, F))
        if not np.array_equal(predict(X)[0, : t + 1], predict(other)[0, : t + 1]):
            return False
    return True
