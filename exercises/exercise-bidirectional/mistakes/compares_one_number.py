"""Only the first number of each output is compared."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t:] = other[:, t:]
        after = predict(changed)
        if not np.allclose(before[:, :t, 0], after[:, :t, 0]):
            return False
    return True
