"""The pieces are groups of sequences instead of steps."""

import numpy as np


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has the shape {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    parts = []
    for start in range(0, len(X), chunk):
        parts.append(model.predict(X[start : start + chunk], verbose=0))
    return np.concatenate(parts)
