# expect: is_causal=changes-pile-up
# changes the sequence itself instead of a copy, so the changes pile up.
import numpy as np
from keras.layers import Bidirectional, Dense, Input, LSTM
from keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """Run both cells over X and merge their states step by step."""
    X = np.asarray(X)
    if X.ndim != 3:
        raise ValueError("X has shape " + str(X.shape) + ", expected (B, T, F)")
    if merge != "concat" and merge != "sum" and merge != "ave":
        raise ValueError("merge = " + str(merge))

    B, T, F = X.shape
    fwd = bwd = None
    hf = hb = None
    for i in range(T):
        j = T - 1 - i
        hf = step_f(X[:, i], hf)
        hb = step_b(X[:, j], hb)
        if fwd is None:
            U = hf.shape[1]
            fwd = np.zeros((B, T, U))
            bwd = np.zeros((B, T, U))
        fwd[:, i, :] = hf
        bwd[:, j, :] = hb

    if merge == "concat":
        return np.concatenate((fwd, bwd), axis=2)
    out = fwd + bwd
    if merge == "ave":
        out /= 2
    return out


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
    X = np.zeros((1, T, F))
    before = predict(X)
    for t in range(T):
        for f in range(F):
            X2 = X
            X2[0, t, f] = 1
            after = predict(X2)
            for s in range(t):
                if np.any(before[0, s] != after[0, s]):
                    return False
    return True
