"""The model is trained on the test data, too."""

import numpy as np


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    X, y = np.concatenate([X_train, X_test]), np.concatenate([y_train, y_test])
    results = {}
    for name, builder in builders.items():
        train_mse, test_mse = [], []
        for seed in seeds:
            model = builder(seed)
            model.fit(X, y, epochs=epochs, batch_size=16, verbose=0)
            train_mse.append(model.evaluate(X_train, y_train, verbose=0))
            test_mse.append(model.evaluate(X_test, y_test, verbose=0))
        results[name] = {"train_mse": train_mse, "test_mse": test_mse, "params": model.count_params()}
    return results
