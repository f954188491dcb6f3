"""Only the first stateful layer is reset."""

import numpy as np


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has the shape {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
            break
    parts = []
    for start in range(0, X.shape[1], chunk):
        parts.append(model.predict(X[:, start : start + chunk], verbose=0))
    return np.concatenate(parts, axis=1)
