"""The steps run from the last input to the first, and each state is stored at its step."""

import numpy as np


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if len(h0) != len(X) or (c0 is not None and len(c0) != len(X)):
        raise ValueError("a state does not have B rows")
    h, c, H = h0, c0, np.zeros((*X.shape[:2], h0.shape[1]))
    for t in reversed(range(X.shape[1])):
        if c0 is None:
            h = step(X[:, t], h, *weights)
        else:
            h, c = step(X[:, t], h, c, *weights)
        H[:, t] = h
    return H
