"""There is one model per name, built from a seed of its own, which keeps learning from run to run."""


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for name, builder in builders.items():
        model = builder(0)
        train_mse, test_mse = [], []
        for _ in seeds:
            model.fit(X_train, y_train, epochs=epochs, batch_size=16, verbose=0)
            train_mse.append(model.evaluate(X_train, y_train, verbose=0))
            test_mse.append(model.evaluate(X_test, y_test, verbose=0))
        results[name] = {"train_mse": train_mse, "test_mse": test_mse, "params": model.count_params()}
    return results
