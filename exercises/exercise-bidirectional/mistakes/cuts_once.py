"""The inputs of the second half are changed, and the outputs of the first half compared."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    before = predict(X)
    cut = T // 2
    changed = X.copy()
    changed[:, cut:] += 1.5
    after = predict(changed)
    return bool(np.allclose(before[:, :cut], after[:, :cut]))
