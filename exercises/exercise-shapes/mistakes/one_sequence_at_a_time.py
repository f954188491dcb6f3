"""Each sequence is predicted on its own."""

import numpy as np


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has the shape {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    rows = []
    for sequence in X:
        for layer in model.layers:
            if hasattr(layer, "reset_state"):
                layer.reset_state()
        parts = []
        for start in range(0, len(sequence), chunk):
            parts.append(model.predict(sequence[np.newaxis, start : start + chunk], verbose=0))
        rows.append(np.concatenate(parts, axis=1))
    return np.concatenate(rows)
