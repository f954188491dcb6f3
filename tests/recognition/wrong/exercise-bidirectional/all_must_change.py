# expect: is_causal=every-output-has-to-change
# calls a network non-causal only if every earlier output changes.
import numpy as np
from keras.layers import Bidirectional, Dense, Input, LSTM
from keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3:
        raise ValueError(f"X.ndim is {X.ndim}")
    B, T, _ = X.shape
    hin, zurueck, h, g = [], [], None, None
    for t in range(T):
        hin.append(h := step_f(X[:, t], h))
        zurueck.insert(0, g := step_b(X[:, T - t - 1], g))
    hin = np.einsum("tbu->btu", np.array(hin, float))
    zurueck = np.einsum("tbu->btu", np.array(zurueck, float))
    match merge:
        case "concat":
            return np.concatenate([hin, zurueck], -1)
        case "sum":
            return hin + zurueck
        case "ave":
            return (hin + zurueck) / 2
        case _:
            raise ValueError(f"merge: {merge}")


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge != "concat" and merge != "sum" and merge != "ave":
        raise ValueError("merge = " + str(merge))
    model = Sequential()
    model.add(Input((T, F)))
    model.add(Bidirectional(LSTM(units, return_sequences=True), merge_mode=merge))
    model.add(Dense(n_out, activation="linear"))
    model.compile(loss="mean_squared_error", optimizer="adam", metrics=["mae"])
    return model


def is_causal(predict, T, F):
    rng = np.random.default_rng(42)
    x = rng.random((1, T, F))
    y = predict(x)
    ok = np.ones(T, dtype=bool)
    for t in range(1, T):
        z = np.concatenate([x[:, :t], rng.random((1, T - t, F)) + 7], axis=1)
        ok[t] = not np.all(predict(z)[:, :t] != y[:, :t])
    return np.all(ok)
