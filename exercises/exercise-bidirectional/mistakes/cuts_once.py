"""The inputs of the second half are changed, and the outputs of the first half compared."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    cut = T // 2
    changed = X.copy()
    changed[:, cut:] = other[:, cut:]
    after = predict(changed)
    return bool(np.allclose(before[:, :cut], after[:, :cut]))
