# expect: build_bidirectional=?
# takes the two final states and repeats them at every step.
import keras
import numpy as np


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
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown merge mode: {merge!r}")
    model = keras.Sequential([
        keras.Input(shape=(T, F)),
        keras.layers.Bidirectional(keras.layers.LSTM(units), merge_mode=merge),
        keras.layers.RepeatVector(T),
        keras.layers.Dense(n_out),
    ])
    model.compile(optimizer="adam", loss="mse")
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
