"""The series is cut into `chunk` pieces."""

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
    for piece in np.array_split(X, min(chunk, X.shape[1]), axis=1):
        parts.append(model.predict(piece, verbose=0))
    return np.concatenate(parts, axis=1)
