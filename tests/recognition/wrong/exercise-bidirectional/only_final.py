# expect: bidirectional_forward=last-states-only, is_causal=changes-one-feature
import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3 or merge not in ("concat", "sum", "ave"):
        raise ValueError(f"{X.ndim} axes, {merge}")
    ends = []
    for step, inputs in [(step_f, X), (step_b, X[:, ::-1])]:
        h = None
        for t in range(inputs.shape[1]):
            h = step(inputs[:, t], h)
        ends.append(h)
    if merge == "concat":
        return np.concatenate(ends, axis=1)
    return sum(ends) / (2 if merge == "ave" else 1)


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
    a = np.random.normal(size=(1, T, F))
    out = predict(a)
    for i in range(1, T):
        b = a.copy()
        b[0, i:, 0] += np.pi
        if np.abs(predict(b)[0, :i] - out[0, :i]).max() > 1e-7:
            return False
    return True
