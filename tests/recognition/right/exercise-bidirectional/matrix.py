"""The influence of each step on each other one, as a matrix."""

import numpy as np
from keras import Input, Model, layers, losses, optimizers

ALLOWED = ["concat", "sum", "ave"]


def require_mode(merge):
    if ALLOWED.count(merge) == 0:
        raise ValueError("merge must be one of {}, got {!r}".format(", ".join(ALLOWED), merge))


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    require_mode(merge)
    X = np.asarray(X, dtype=np.float64)
    if X.ndim < 3 or X.ndim > 3:
        raise ValueError("X must have the axes B, T, F, got " + str(X.shape))
    T = len(X[0])
    halves = []
    for step, order in ((step_f, range(T)), (step_b, range(T)[::-1])):
        half = [None] * T
        last = None
        for t in order:
            last = step(X[:, t], last)
            half[t] = last
        halves.append(np.transpose(half, (1, 0, 2)))
    if merge == "concat":
        return np.concatenate(halves, axis=-1)
    weight = {"sum": 1.0, "ave": 0.5}[merge]
    return np.einsum("hbtu,h->btu", np.array(halves), [weight, weight])


def build_bidirectional(T, F, units, n_out, merge="concat"):
    require_mode(merge)
    sequence = Input(shape=(T, F), name="sequence")
    both = layers.Bidirectional(layers.LSTM(units, return_sequences=True), merge_mode=merge, name="both")
    per_step = layers.Dense(n_out, name="per_step")
    model = Model(sequence, per_step(both(sequence)))
    model.compile(optimizer=optimizers.Adam(), loss=losses.MeanSquaredError(), metrics=["mse"])
    return model


def influence(predict, T, F):
    base = np.random.default_rng(8).standard_normal((1, T, F))
    matrix = np.zeros((T, T))
    reference = np.array(predict(base))
    for s in range(T):
        changed = np.array(base)
        changed[:, s, :] += 10
        matrix[:, s] = np.abs(np.array(predict(changed)) - reference)[0].sum(axis=-1)
    return matrix


def is_causal(predict, T, F):
    return np.max(np.triu(influence(predict, T, F), k=1)) < 1e-4
