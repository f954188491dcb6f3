# expect: bidirectional_forward=state-forgotten, build_bidirectional=one-direction
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
        fw.append(step_f(X[:, i], None))
    s = None
    for i in range(n):
        bw.append(step_b(X[:, n - 1 - i], None))
    fw = np.stack(fw, axis=1)
    bw = np.stack(bw[::-1], axis=1)
    if merge == "concat":
        return np.concatenate([fw, bw], axis=2)
    if merge == "sum":
        return fw + bw
    return (fw + bw) / 2.0


def build_bidirectional(T, F, units, n_out, merge="concat"):
    sizes = {"concat": 2 * units, "sum": units, "ave": units}
    if merge not in sizes:
        raise ValueError(f"merge {merge} unknown")
    inputs = keras.layers.Input(shape=(T, F))
    hidden = keras.layers.LSTM(sizes[merge], return_sequences=True)(inputs)
    outputs = keras.layers.Dense(n_out)(hidden)
    m = keras.Model(inputs, outputs)
    m.compile(optimizer="adam", loss="mse")
    return m


def is_causal(predict, T, F):
    a = np.random.normal(size=(1, T, F))
    out = predict(a)
    for i in range(1, T):
        b = a.copy()
        b[0, i:] = np.random.normal(size=(T - i, F))
        if np.abs(predict(b)[0, :i] - out[0, :i]).max() > 1e-7:
            return False
    return True
