"""The backward cell starts from the last state of the forward cell."""

import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    steps = X.shape[1]
    h, forward, backward = None, [None] * steps, [None] * steps
    for t in range(steps):
        h = step_f(X[:, t], h)
        forward[t] = h
    for t in range(steps - 1, -1, -1):
        h = step_b(X[:, t], h)
        backward[t] = h
    forward, backward = np.stack(forward, axis=1), np.stack(backward, axis=1)
    if merge == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if merge == "sum":
        return forward + backward
    return (forward + backward) / 2
