"""The backward state comes first."""

import numpy as np


def run(X, step, order):
    h, states = None, {}
    for t in order:
        h = states[t] = step(X[:, t], h)
    return np.stack([states[t] for t in range(X.shape[1])], axis=1)


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    forward = run(X, step_f, range(X.shape[1]))
    backward = run(X, step_b, range(X.shape[1] - 1, -1, -1))
    if merge == "concat":
        return np.concatenate([backward, forward], axis=-1)
    if merge == "sum":
        return forward + backward
    return (forward + backward) / 2
