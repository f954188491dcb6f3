"""The last piece is filled up with zeros, and the predictions for them are dropped."""

import numpy as np


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has the shape {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    steps = X.shape[1]
    filled = np.pad(X, ((0, 0), (0, -steps % chunk), (0, 0)))
    parts = []
    for start in range(0, steps, chunk):
        parts.append(model.predict(filled[:, start : start + chunk], verbose=0))
    return np.concatenate(parts, axis=1)[:, :steps]
