"""All later inputs are changed, but only the first output is compared."""

import numpy as np


def is_causal(predict, T, F):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1, T, F))
    before = predict(X)
    changed = X.copy()
    changed[:, 1:] += 1.5
    after = predict(changed)
    return bool(np.allclose(before[:, 0], after[:, 0]))
