"""Every step begins with the first state."""

import numpy as np


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if len(h0) != len(X) or (c0 is not None and len(c0) != len(X)):
        raise ValueError("a state does not have B rows")
    states = []
    for t in range(X.shape[1]):
        if c0 is None:
            states.append(step(X[:, t], h0, *weights))
        else:
            states.append(step(X[:, t], h0, c0, *weights)[0])
    return np.stack(states, axis=1)
