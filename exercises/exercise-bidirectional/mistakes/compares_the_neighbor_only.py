"""Only the output right before the changed step is compared."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t] = other[:, t]
        after = predict(changed)
        if not np.allclose(before[:, t - 1], after[:, t - 1]):
            return False
    return True
