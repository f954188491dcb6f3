"""The fraction is taken of the points in the series, not of the windows."""


def split_train_test(X, y, train_fraction=0.8):
    n_points = len(X) + X.shape[1]
    n_train = int(n_points * train_fraction)
    if not 0 < n_train < len(X):
        raise ValueError(f"train_fraction {train_fraction} of {len(X)} windows leaves a part empty")
    return X[:n_train], X[n_train:], y[:n_train], y[n_train:]
