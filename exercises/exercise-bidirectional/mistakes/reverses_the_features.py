"""The features are reversed together with the time steps."""

import numpy as np


def run(X, step):
    h, states = None, []
    for t in range(X.shape[1]):
        h = step(X[:, t], h)
        states.append(h)
    return np.stack(states, axis=1)


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    forward = run(X, step_f)
    backward = run(X[:, ::-1, ::-1], step_b)[:, ::-1]
    if merge == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if merge == "sum":
        return forward + backward
    return (forward + backward) / 2
