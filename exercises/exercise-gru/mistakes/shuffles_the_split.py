"""Every run draws its own split."""

import numpy as np


def compare(builders, data, epochs, seeds):
    X, y = np.concatenate(data[:2]), np.concatenate(data[2:])
    n_train = len(data[0])
    rng = np.random.default_rng(0)
    results = {}
    for name, builder in builders.items():
        train_mse, test_mse = [], []
        for seed in seeds:
            order = rng.permutation(len(X))
            train, test = order[:n_train], order[n_train:]
            model = builder(seed)
            model.fit(X[train], y[train], epochs=epochs, batch_size=16, verbose=0)
            train_mse.append(model.evaluate(X[train], y[train], verbose=0))
            test_mse.append(model.evaluate(X[test], y[test], verbose=0))
        results[name] = {"train_mse": train_mse, "test_mse": test_mse, "params": model.count_params()}
    return results
