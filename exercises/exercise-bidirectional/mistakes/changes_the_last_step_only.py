"""Only the input of the last step is changed."""

import numpy as np


def is_causal(predict, T, F):
    X, other = np.random.default_rng(1).normal(size=(2, 1, T, F))
    before = predict(X)
    changed = X.copy()
    changed[:, -1] = other[:, -1]
    after = predict(changed)
    return bool(np.allclose(before[:, :-1], after[:, :-1]))
