"""The variance of the errors is taken in place of their mean square."""

import numpy as np


def persistence_mse(X, y):
    return float(np.var(X[:, -1, 0] - y))
