"""All features of a step are changed by the same amount, so their effects can cancel each other."""

import numpy as np


def is_causal(predict, T, F):
    X = np.zeros((1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t] += 1
        after = predict(changed)
        if not np.allclose(before[:, :t], after[:, :t]):
            return False
    return True
