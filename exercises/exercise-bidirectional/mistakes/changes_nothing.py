"""The changed input is another name of the same array."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    for t in range(1, T):
        changed = X
        changed[:, t:] = other[:, t:]
        before, after = predict(X), predict(changed)
        if not np.allclose(before[:, :t], after[:, :t]):
            return False
    return True
