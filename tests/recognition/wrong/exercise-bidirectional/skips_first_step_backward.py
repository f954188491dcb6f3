# expect: bidirectional_forward=?
# range(T - 1, 0, -1) never lets the backward cell read step 0.
import numpy as np
from keras.layers import Bidirectional, Dense, Input, LSTM
from keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    allowed = ("concat", "sum", "ave")
    if not isinstance(merge, str) or merge not in allowed:
        raise ValueError(f"merge must be one of {allowed}, not {merge!r}")
    X = np.array(X, copy=True)
    if X.ndim != 3:
        raise ValueError(f"X must be (B, T, F), but has {X.ndim} axes")
    n_steps = X.shape[1]

    states_f = {}
    state = None
    for t in range(n_steps):
        state = step_f(X[:, t, :].copy(), state)
        states_f[t] = np.array(state, dtype=np.float64, copy=True)

    states_b = {}
    state = None  # the second cell starts anew
    states_b[0] = np.zeros_like(states_f[0])
    for t in range(n_steps - 1, 0, -1):
        state = step_b(X[:, t, :].copy(), state)
        states_b[t] = np.array(state, dtype=np.float64, copy=True)

    assert set(states_f) == set(states_b)
    n_units = states_f[0].shape[-1]
    width = 2 * n_units if merge == "concat" else n_units
    result = np.empty((X.shape[0], n_steps, width), dtype=np.float64)
    for t in range(n_steps):
        if merge == "concat":
            result[:, t, :n_units] = states_f[t]
            result[:, t, n_units:] = states_b[t]
        else:
            result[:, t] = states_f[t] + states_b[t]
    if merge == "ave":
        result = result / 2
    return result


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
    """Change everything from step t on, for every t, and compare the outputs before t."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4, T, F))
    original = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t:] = 10 * rng.normal(size=(4, T - t, F))
        if not np.allclose(predict(changed)[:, :t], original[:, :t]):
            return False
    return True
