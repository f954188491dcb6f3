"""The changed input is another name of the same array."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    for t in range(1, T):
        changed = X
        changed[:, t:] += 1.5
        before, after = predict(X), predict(changed)
        if not np.allclose(before[:, :t], after[:, :t]):
            return False
    return True
