"""The sums of the outputs are compared."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t:] += 1.5
        after = predict(changed)
        if not np.isclose(before[:, :t].sum(), after[:, :t].sum()):
            return False
    return True
