# expect: bidirectional_forward=?
# accumulate's initial=None means no initial value, so the first input becomes the first state.
import itertools

import numpy as np
from keras.layers import Bidirectional, Dense, Input, LSTM
from keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(merge)
    if X.ndim != 3:
        raise ValueError(X.shape)
    xs = list(X.swapaxes(0, 1))
    fs = list(itertools.accumulate(xs, lambda h, x: step_f(x, h), initial=None))[1:]
    bs = list(itertools.accumulate(reversed(xs), lambda h, x: step_b(x, h), initial=None))[:0:-1]
    f, b = np.array(fs, dtype=float), np.array(bs, dtype=float)
    joined = {"concat": np.concatenate([f, b], axis=2), "sum": f + b, "ave": (f + b) / 2}[merge]
    return joined.swapaxes(0, 1)


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
