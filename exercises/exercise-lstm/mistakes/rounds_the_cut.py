"""The number of windows for training is rounded to the nearest whole number."""


def split_train_test(X, y, train_fraction=0.8):
    n_train = round(len(X) * train_fraction)
    if not 0 < n_train < len(X):
        raise ValueError(f"train_fraction {train_fraction} of {len(X)} windows leaves a part empty")
    return X[:n_train], X[n_train:], y[:n_train], y[n_train:]
