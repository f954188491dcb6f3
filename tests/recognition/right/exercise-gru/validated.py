import functools

import keras
import matplotlib.pyplot as plt
import numpy as np


def known_kind(function):
    """Decorator: reject unknown kinds before the function runs."""

    @functools.wraps(function)
    def checked(kind, *args, **kwargs):
        if kind not in ("rnn", "lstm", "gru"):
            raise ValueError("kind should be rnn, lstm or gru, not %r" % (kind,))
        return function(kind, *args, **kwargs)

    return checked


@known_kind
def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    layer = dict(rnn=keras.layers.SimpleRNN, lstm=keras.layers.LSTM, gru=keras.layers.GRU)[kind](units)
    model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), layer, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=keras.losses.MeanSquaredError())
    return model


@known_kind
def count_params(kind, units, n_features, reset_after=True):
    gates = dict(rnn=0, gru=2, lstm=3)[kind]
    total = 0
    for _ in range(gates + 1):  # the gates and the candidate
        total += n_features * units
        total += units * units
        total += units
        if kind == "gru" and reset_after:
            total += units
    return total


@known_kind
def match_units(kind, budget, n_features):
    for units in range(1, max(budget, 1) + 2):
        if count_params(kind, units, n_features) > budget:
            if units == 1:
                raise ValueError("budget %d: not even one unit" % budget)
            return units - 1


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    seeds = list(seeds)

    def one_run(builder, seed):
        keras.utils.set_random_seed(seed)
        model = builder(seed)
        model.fit(X_train, y_train, epochs=epochs, batch_size=32, verbose=0, validation_data=(X_test, y_test))
        return model

    results = {}
    for name in builders:
        models = [one_run(builders[name], seed) for seed in seeds]
        results[name] = {
            "train_mse": [float(m.evaluate(X_train, y_train, verbose=0)) for m in models],
            "test_mse": [float(m.evaluate(X_test, y_test, verbose=0)) for m in models],
            "params": int(models[0].count_params()),
        }
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
