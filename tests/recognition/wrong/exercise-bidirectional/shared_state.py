# expect: bidirectional_forward=?
# one variable h holds the state of both cells in a common loop.
import numpy as np
import tensorflow as tf


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3:
        raise ValueError(f"X.ndim is {X.ndim}")
    B, T, _ = X.shape
    hin, zurueck, h = [], [], None
    for t in range(T):
        hin.append(h := step_f(X[:, t], h))
        zurueck.insert(0, h := step_b(X[:, T - t - 1], h))
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
