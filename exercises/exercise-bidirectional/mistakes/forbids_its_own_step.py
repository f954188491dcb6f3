"""The output of the changed step must not change, either."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    before = predict(X)
    for t in range(T):
        changed = X.copy()
        changed[:, t:] += 1.5
        after = predict(changed)
        if not np.allclose(before[:, : t + 1], after[:, : t + 1]):
            return False
    return True
