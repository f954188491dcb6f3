# expect: bidirectional_forward=not-turned-back, is_causal=changes-the-last-step-only
import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ["concat", "sum", "ave"]:
        raise ValueError(merge)
    if len(X.shape) != 3:
        raise ValueError(X.shape)
    B, T, F = X.shape
    h_f = h_b = None
    rows = []
    for t in range(T):
        # both directions in one loop
        h_f = step_f(X[:, t, :], h_f)
        h_b = step_b(X[:, T - t - 1, :], h_b)
        if merge == "concat":
            rows.append(np.hstack([h_f, h_b]))
        elif merge == "sum":
            rows.append(h_f + h_b)
        else:
            rows.append(0.5 * (h_f + h_b))
    return np.swapaxes(np.array(rows), 0, 1)


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
    X = np.zeros((1, T, F))
    Y = np.zeros((1, T, F))
    Y[0, T - 1] = 1
    # everything but the last output must be the same
    return bool((predict(X)[0, : T - 1] == predict(Y)[0, : T - 1]).all())
