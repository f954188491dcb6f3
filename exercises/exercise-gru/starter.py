"""Comparing RNN, LSTM and GRU fairly. Fill in the four functions; their docstrings state the contracts.

Check your work with:  course check exercise-gru
Run the whole program: python exercise_gru.py
"""

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    """Build and compile a model: Input, one recurrent layer of this kind, Dense with one linear output.

    kind: 'rnn' (SimpleRNN), 'lstm' or 'gru', with Keras's defaults.
    The optimizer is a new Adam with the given learning rate. The loss is the mean squared error.
    Raises ValueError for any other kind.
    """
    raise NotImplementedError("build_model")


def count_params(kind, units, n_features, reset_after=True):
    """Count the weights of one recurrent layer with a formula, biases included. Returns an int.

    reset_after: as in Keras; it affects only the GRU.
    Raises ValueError for any kind other than 'rnn', 'lstm', 'gru'.
    """
    raise NotImplementedError("count_params")


def match_units(kind, budget, n_features):
    """Find the largest number of units whose recurrent layer has at most `budget` weights.

    The layer uses Keras's defaults (for the GRU, reset_after=True).
    Raises ValueError if not even one unit fits, and for any other kind.
    """
    raise NotImplementedError("match_units")


def compare(builders, data, epochs, seeds):
    """Train each kind of model once per seed, under the same conditions.

    builders: name -> function; builder(seed) returns a fresh, compiled model.
    data: (X_train, X_test, y_train, y_test).
    Each model is trained on the training data for `epochs` epochs, with a single call to fit.
    Returns name -> dict with
        "train_mse", "test_mse": lists, one mean squared error per seed, in the order of seeds
        "params": the number of weights of one such model
    """
    raise NotImplementedError("compare")


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
