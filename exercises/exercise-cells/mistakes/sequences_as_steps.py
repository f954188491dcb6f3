"""The loop runs over the first axis of X, which counts the sequences."""

import numpy as np


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if len(h0) != len(X) or (c0 is not None and len(c0) != len(X)):
        raise ValueError("a state does not have B rows")
    h, c, states = h0, c0, []
    for x in X:
        if c0 is None:
            h = step(x, h, *weights)
        else:
            h, c = step(x, h, c, *weights)
        states.append(h)
    return np.stack(states, axis=1)
