# expect: bidirectional_forward=?
# relation: bidirectional_forward=axes_swapped
# the result has the time steps as its first axis.
import itertools

import keras
import numpy as np
from keras import layers


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
    return joined


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in {"concat", "sum", "ave"}:
        raise ValueError(f"wrong merge mode {merge!r}")
    x = inputs = layers.Input(shape=(T, F), name="sequence")
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True), merge_mode=merge, name="both")(x)
    outputs = layers.Dense(n_out, name="per_step")(x)
    net = keras.Model(inputs, outputs, name="bidirectional_net")
    net.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    return net


def is_causal(predict, T, F):
    rng = np.random.default_rng(42)
    x = rng.random((1, T, F))
    y = predict(x)
    ok = np.ones(T, dtype=bool)
    for t in range(1, T):
        z = np.concatenate([x[:, :t], rng.random((1, T - t, F)) + 7], axis=1)
        ok[t] = np.abs(predict(z)[:, :t] - y[:, :t]).max() == 0
    return np.all(ok)
