"""Both first states are zero, whatever h0 and c0 hold."""

import numpy as np


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if len(h0) != len(X) or (c0 is not None and len(c0) != len(X)):
        raise ValueError("a state does not have B rows")
    h, states = np.zeros(h0.shape), []
    c = None if c0 is None else np.zeros(c0.shape)
    for t in range(X.shape[1]):
        if c0 is None:
            h = step(X[:, t], h, *weights)
        else:
            h, c = step(X[:, t], h, c, *weights)
        states.append(h)
    return np.stack(states, axis=1)
