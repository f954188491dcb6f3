"""All later inputs are changed, but only the first output is compared."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    changed = X.copy()
    changed[:, 1:] = other[:, 1:]
    after = predict(changed)
    return bool(np.allclose(before[:, 0], after[:, 0]))
