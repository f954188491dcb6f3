"""The sequence itself is changed, so all changes so far are in it. The first step stays as it is."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X
        changed[:, t] += 1.5
        after = predict(changed)
        if not np.allclose(before[:, :t], after[:, :t]):
            return False
    return True
