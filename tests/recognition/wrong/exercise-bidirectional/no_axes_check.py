# expect: bidirectional_forward=?
# an X with two axes is not refused but gets a new axis.
import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """Run both cells over X and merge their states step by step."""
    X = np.asarray(X)
    if X.ndim == 2:
        X = X[:, :, np.newaxis]
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
