"""Targets of shape (n,) are subtracted from predictions of shape (n, 1)."""

import numpy as np


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for name, builder in builders.items():
        train_mse, test_mse = [], []
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, batch_size=16, verbose=0)
            train_mse.append(float(np.mean((model.predict(X_train, verbose=0) - y_train) ** 2)))
            test_mse.append(float(np.mean((model.predict(X_test, verbose=0) - y_test) ** 2)))
        results[name] = {"train_mse": train_mse, "test_mse": test_mse, "params": model.count_params()}
    return results
