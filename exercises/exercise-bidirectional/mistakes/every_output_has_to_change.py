"""A network looks ahead only if all numbers before the change are new."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t:] = other[:, t:]
        after = predict(changed)
        if np.all(before[:, :t] != after[:, :t]):
            return False
    return True
