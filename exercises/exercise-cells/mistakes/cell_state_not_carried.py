"""The cell state is the first one at every step."""

import numpy as np


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if len(h0) != len(X) or (c0 is not None and len(c0) != len(X)):
        raise ValueError("a state does not have B rows")
    h, states = h0, []
    for t in range(X.shape[1]):
        h = step(X[:, t], h, *weights) if c0 is None else step(X[:, t], h, c0, *weights)[0]
        states.append(h)
    return np.stack(states, axis=1)
