# expect: bidirectional_forward is a list
import numpy as np
from tensorflow import keras


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3:
        raise ValueError(f"ndim {X.ndim}")
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge {merge}")
    T = X.shape[1]
    f, b = [None] * T, [None] * T
    for t in range(T):
        f[t] = step_f(X[:, t], f[t - 1] if t else None)
    for t in range(T)[::-1]:
        b[t] = step_b(X[:, t], b[t + 1] if t + 1 < T else None)
    if merge == "concat":
        rows = [np.concatenate(pair, axis=1) for pair in zip(f, b)]
    else:
        rows = [(p + q) / (1 if merge == "sum" else 2) for p, q in zip(f, b)]
    return [[row[n] for row in rows] for n in range(len(X))]


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge {merge}")
    lstm = keras.layers.LSTM(units, return_sequences=True)
    model = keras.Sequential()
    model.add(keras.layers.Input(shape=(T, F)))
    model.add(keras.layers.Bidirectional(lstm, merge_mode=merge))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model


def is_causal(predict, T, F):
    X = np.random.normal(size=(1, T, F))
    for t in range(1, T):
        Z = X.copy()
        Z[:, t:] = 0
        if not np.allclose(predict(X)[:, :t], predict(Z)[:, :t]):
            return False
    return True
