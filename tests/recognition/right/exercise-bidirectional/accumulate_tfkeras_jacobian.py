import itertools

import numpy as np
import tensorflow as tf


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(merge)
    if X.ndim != 3:
        raise ValueError(X.shape)
    xs = list(X.swapaxes(0, 1))
    fs = list(itertools.accumulate([None, *xs], lambda h, x: step_f(x, h)))[1:]
    bs = list(itertools.accumulate([None, *reversed(xs)], lambda h, x: step_b(x, h)))[:0:-1]
    f, b = np.array(fs, dtype=float), np.array(bs, dtype=float)
    joined = {"concat": np.concatenate([f, b], axis=2), "sum": f + b, "ave": (f + b) / 2}[merge]
    return joined.swapaxes(0, 1)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    try:
        mode = {"concat": "concat", "sum": "sum", "ave": "ave"}[merge]
    except KeyError:
        raise ValueError(f"merge: {merge!r}") from None
    L = tf.keras.layers
    inp = tf.keras.Input((T, F))
    out = L.Dense(n_out)(L.Bidirectional(L.LSTM(units, return_sequences=True), merge_mode=mode)(inp))
    m = tf.keras.Model(inputs=inp, outputs=out)
    m.compile("adam", "mse")
    return m


def is_causal(predict, T, F):
    """Finite differences: J[s, t] is the largest effect of input step t on output step s."""
    x0 = np.random.default_rng(1).uniform(-1, 1, (1, T, F))
    y0 = predict(x0)[0]
    J = np.zeros((T, T))
    for t in range(T):
        for f in range(F):
            x = np.array(x0)
            x[0, t, f] = x[0, t, f] + 1.0
            effect = np.abs(predict(x)[0] - y0).max(axis=1)
            J[:, t] = np.maximum(J[:, t], effect)
    return bool(np.all(np.triu(J, k=1) < 1e-8))
