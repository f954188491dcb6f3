# expect: count_params=gru-one-bias-more
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    """Over-defensive version."""
    if not isinstance(kind, str):
        raise ValueError("kind must be a string, not {!r}".format(kind))
    if kind != "rnn" and kind != "lstm" and kind != "gru":
        raise ValueError("kind must be 'rnn', 'lstm' or 'gru', not {!r}".format(kind))
    if int(seq_length) < 1:
        raise ValueError("seq_length must be positive, not {!r}".format(seq_length))
    if int(units) < 1:
        raise ValueError("units must be positive, not {!r}".format(units))
    if int(n_features) < 1:
        raise ValueError("n_features must be positive, not {!r}".format(n_features))
    if not float(learning_rate) > 0:
        raise ValueError("learning_rate must be positive, not {!r}".format(learning_rate))
    model = keras.Sequential()
    model.add(keras.layers.Input(shape=(int(seq_length), int(n_features))))
    if kind == "rnn":
        model.add(keras.layers.SimpleRNN(int(units), return_sequences=False))
    if kind == "lstm":
        model.add(keras.layers.LSTM(int(units), return_sequences=False))
    if kind == "gru":
        model.add(keras.layers.GRU(int(units), return_sequences=False))
    model.add(keras.layers.Dense(1))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=float(learning_rate)), loss="mean_squared_error"
    )
    assert model.output_shape == (None, 1)
    return model


def count_params(kind, units, n_features, reset_after=True):
    if kind != "rnn" and kind != "lstm" and kind != "gru":
        raise ValueError("kind must be 'rnn', 'lstm' or 'gru', not {!r}".format(kind))
    units = int(units)
    n_features = int(n_features)
    weights_in = units * n_features
    weights_state = units * units
    biases = units
    if kind == "rnn":
        return weights_in + weights_state + biases
    if kind == "lstm":
        return 4 * weights_in + 4 * weights_state + 4 * biases
    if reset_after:
        return 3 * weights_in + 3 * weights_state + 4 * biases
    return 3 * weights_in + 3 * weights_state + 3 * biases


def match_units(kind, budget, n_features):
    if kind != "rnn" and kind != "lstm" and kind != "gru":
        raise ValueError("kind must be 'rnn', 'lstm' or 'gru', not {!r}".format(kind))
    if budget < count_params(kind, 1, n_features):
        raise ValueError("budget {!r} does not allow one unit".format(budget))
    best = 1
    tried = 1
    done = False
    while not done:
        needed = count_params(kind, tried, n_features)
        if needed <= budget:
            best = tried
            tried = tried + 1
        else:
            done = True
    assert count_params(kind, best, n_features) <= budget
    assert count_params(kind, best + 1, n_features) > budget
    return best


def compare(builders, data, epochs, seeds):
    if len(data) != 4:
        raise ValueError("data must have four parts, not {}".format(len(data)))
    X_train, X_test, y_train, y_test = data
    y_train = np.asarray(y_train).reshape(-1)
    y_test = np.asarray(y_test).reshape(-1)
    seeds = list(seeds)
    results = dict()
    for name in list(builders):
        builder = builders[name]
        result = dict(train_mse=list(), test_mse=list(), params=0)
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            train_predictions = np.asarray(model.predict(X_train, verbose=0)).reshape(-1)
            test_predictions = np.asarray(model.predict(X_test, verbose=0)).reshape(-1)
            assert train_predictions.shape == y_train.shape
            assert test_predictions.shape == y_test.shape
            result["train_mse"].append(float(np.mean((train_predictions - y_train) ** 2)))
            result["test_mse"].append(float(np.mean((test_predictions - y_test) ** 2)))
            result["params"] = int(model.count_params())
        results[name] = result
    return results


# the rest of the program is given


def sine_windows(seq_length):
    """Return X_train, X_test, y_train, y_test: windows and targets of a sine wave, split at 80%."""
    data = np.sin(np.linspace(0, 10, 100))
    X = np.lib.stride_tricks.sliding_window_view(data, seq_length)[:-1, :, np.newaxis]
    y = data[seq_length:]
    n_train = int(len(X) * 0.8)
    return X[:n_train], X[n_train:], y[:n_train], y[n_train:]


def plot_losses(histories):
    """Plot the training and validation losses side by side. histories: name -> history.history."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6), sharey=True)
    for name, history in histories.items():
        left.plot(history["loss"], label=f"{name}, training")
        right.plot(history["val_loss"], label=f"{name}, validation")
    for axes in (left, right):
        axes.set(xlabel="Epochs", ylabel="Loss (MSE)", yscale="log")
        axes.legend()
    figure.suptitle("Loss Comparison Between RNN Architectures")
    return figure


def main():
    """Train three cells on one wave, under the same conditions, and compare them."""
    seq_length, units, epochs, seeds = 10, 50, 30, (1, 2, 3)
    kinds = ("rnn", "lstm", "gru")
    data = X_train, X_test, y_train, y_test = sine_windows(seq_length)

    def builder(kind):
        def build(seed):
            keras.utils.set_random_seed(seed)
            return build_model(kind, seq_length, units)

        return build

    builders = {kind: builder(kind) for kind in kinds}
    print(f"training {len(kinds)} x {len(seeds)} models for {epochs} epochs each")
    results = compare(builders, data, epochs, seeds)
    print("kind   recurrent   all weights   test MSE: mean ± SD")
    for kind, result in results.items():
        errors = result["test_mse"]
        print(
            f"{kind:5}{count_params(kind, units, 1):11,}{result['params']:14,}   "
            f"{np.mean(errors):.1e} ± {np.std(errors):.1e}"
        )
    persistence = np.mean((X_test[:, -1, 0] - y_test) ** 2)
    print(f"repeating the last value:        {persistence:.1e}")

    budget = 2_000
    matched = ", ".join(f"{kind} {match_units(kind, budget, 1)}" for kind in kinds)
    print(f"units for at most {budget:,} weights in the recurrent layer: {matched}")

    # one run shows how a model learns; to see which model is best takes several
    histories = {}
    for kind in kinds:
        history = builders[kind](seeds[0]).fit(
            X_train, y_train, epochs=epochs, batch_size=16, validation_split=0.2, verbose=0
        )
        histories[kind] = history.history
    figure = plot_losses(histories)
    figure.savefig("exercise_gru.png")
    plt.close(figure)
    print("plot saved as exercise_gru.png")


if __name__ == "__main__":
    main()
