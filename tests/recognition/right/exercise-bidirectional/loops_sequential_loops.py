import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown merge mode: {merge!r}")
    if X.ndim != 3:
        raise ValueError(f"X must have three axes, but its shape is {X.shape}")
    T = X.shape[1]
    forward = [None] * T
    backward = [None] * T
    h = None
    for t in range(T):
        h = step_f(X[:, t, :], h)
        forward[t] = h
    h = None
    for t in range(T - 1, -1, -1):
        h = step_b(X[:, t, :], h)
        backward[t] = h
    rows = []
    for t in range(T):
        if merge == "concat":
            rows.append(np.concatenate([forward[t], backward[t]], axis=1))
        elif merge == "sum":
            rows.append(forward[t] + backward[t])
        else:
            rows.append((forward[t] + backward[t]) / 2)
    return np.stack(rows, axis=1).astype(np.float64)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown merge mode: {merge!r}")
    model = keras.Sequential([
        keras.Input(shape=(T, F)),
        keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge),
        keras.layers.Dense(n_out),
    ])
    model.compile(optimizer="adam", loss="mse")
    return model


def is_causal(predict, T, F):
    X = np.zeros((1, T, F))
    before = predict(X)
    for t in range(T):
        for f in range(F):
            X2 = X.copy()
            X2[0, t, f] = 1
            after = predict(X2)
            for s in range(t):
                if np.any(before[0, s] != after[0, s]):
                    return False
    return True
