import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"{merge} is not a merge mode")
    if X.ndim != 3:
        raise ValueError(f"{X.ndim} axes instead of 3")
    T = X.shape[1]
    b = [None] * T

    def visit(t, h):
        # forward on the way down, backward on the way up
        if t == T:
            return [], None
        h = step_f(X[:, t], h)
        rest, later = visit(t + 1, h)
        b[t] = step_b(X[:, t], later)
        return [h] + rest, b[t]

    f, _ = visit(0, None)
    f, b = np.stack(f, 1) * 1.0, np.stack(b, 1) * 1.0
    if merge == "concat":
        return np.append(f, b, axis=-1).astype("float64")
    total = (f + b).astype("float64")
    return total if merge == "sum" else total * 0.5


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
    anzahl = 0
    x = np.full((1, T, F), 0.5)
    y = predict(x)
    for k in range(T * F):
        t, f = divmod(k, F)
        neu = x.copy()
        neu[0][t][f] = -2
        diff = predict(neu) - y
        anzahl += np.count_nonzero(diff[:, :t])
    if anzahl > 0:
        return False
    else:
        return True
