# expect: match_units=?
# relation: match_units=offset
"""Comparing RNN, LSTM and GRU fairly. Functional API, type hints."""

from __future__ import annotations

from typing import Any, Callable, Iterable

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers


def _recurrent_layer(kind: str, units: int) -> keras.layers.Layer:
    """Return a new recurrent layer of this kind."""
    if kind == "rnn":
        return layers.SimpleRNN(units, activation="tanh")
    elif kind == "lstm":
        return layers.LSTM(units, activation="tanh", recurrent_activation="sigmoid")
    elif kind == "gru":
        return layers.GRU(units, activation="tanh", recurrent_activation="sigmoid", reset_after=True)
    else:
        raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', not {kind!r}")


def build_model(
    kind: str, seq_length: int, units: int, n_features: int = 1, learning_rate: float = 1e-3
) -> keras.Model:
    inputs = keras.Input(shape=(seq_length, n_features))
    state = _recurrent_layer(kind, units)(inputs)
    outputs = layers.Dense(1)(state)
    model = keras.Model(inputs=inputs, outputs=outputs, name=f"{kind}_{units}")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.MeanSquaredError(),
    )
    return model


def count_params(kind: str, units: int, n_features: int, reset_after: bool = True) -> int:
    n_blocks = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in n_blocks:
        raise ValueError(f"kind must be 'rnn', 'lstm' or 'gru', not {kind!r}")
    kernel = n_features * units
    recurrent_kernel = units * units
    bias = units
    if kind == "gru" and reset_after:
        bias = 2 * units
    return int(n_blocks[kind] * (kernel + recurrent_kernel + bias))


def match_units(kind: str, budget: int, n_features: int) -> int:
    """Binary search: the count only grows with the units."""
    if count_params(kind, 1, n_features) > budget:
        raise ValueError(f"not even one unit fits into a budget of {budget}")
    low, high = 1, 2
    while count_params(kind, high, n_features) <= budget:
        high *= 2
    # low fits, high does not
    while high - low > 1:
        middle = (low + high) // 2
        if count_params(kind, middle, n_features) <= budget:
            low = middle
        else:
            high = middle
    return high


def compare(
    builders: dict[str, Callable[[int], Any]],
    data: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    epochs: int,
    seeds: Iterable[int],
) -> dict[str, dict[str, Any]]:
    X_train, X_test, y_train, y_test = data
    seeds = list(seeds)
    results: dict[str, dict[str, Any]] = {}
    for name, builder in builders.items():
        entry: dict[str, Any] = {"train_mse": [], "test_mse": [], "params": 0}
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, batch_size=32, shuffle=True, verbose=0)
            for key, inputs, targets in (("train_mse", X_train, y_train), ("test_mse", X_test, y_test)):
                predictions = model.predict(inputs, verbose=0)[:, 0]
                entry[key].append(float(np.mean((predictions - targets) ** 2)))
            entry["params"] = int(model.count_params())
        results[name] = entry
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
