"""The windows are shuffled before the split, with numpy's global generator seeded with 0."""

import numpy as np


def split_train_test(X, y, train_fraction=0.8):
    n_train = int(len(X) * train_fraction)
    if not 0 < n_train < len(X):
        raise ValueError(f"train_fraction {train_fraction} of {len(X)} windows leaves a part empty")
    np.random.seed(0)
    order = np.random.permutation(len(X))
    train, test = order[:n_train], order[n_train:]
    return X[train], X[test], y[train], y[test]
