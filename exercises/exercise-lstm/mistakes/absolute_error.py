"""The errors are not squared; their absolute values are averaged."""

import numpy as np


def persistence_mse(X, y):
    return float(np.mean(np.abs(X[:, -1, 0] - y)))
