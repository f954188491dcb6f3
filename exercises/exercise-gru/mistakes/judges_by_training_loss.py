"""Both lists contain the training error; the test data are never read."""


def compare(builders, data, epochs, seeds):
    X_train, _, y_train, _ = data
    results = {}
    for name, builder in builders.items():
        errors = []
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, batch_size=16, verbose=0)
            errors.append(model.evaluate(X_train, y_train, verbose=0))
        results[name] = {"train_mse": errors, "test_mse": list(errors), "params": model.count_params()}
    return results
