# expect: count_params=counts-the-output-layer
from dataclasses import dataclass, field

import keras
import matplotlib.pyplot as plt
import numpy as np


@dataclass(frozen=True)
class Cell:
    """What differs between the three kinds."""

    layer: type
    blocks: int

    def weights(self, units, features, biases=1):
        return self.blocks * units * (features + units + biases)


CELLS = {
    "rnn": Cell(keras.layers.SimpleRNN, 1),
    "lstm": Cell(keras.layers.LSTM, 4),
    "gru": Cell(keras.layers.GRU, 3),
}


def cell_of(kind):
    if kind not in CELLS:
        raise ValueError(f"no cell is called {kind!r}")
    return CELLS[kind]


@dataclass
class Runs:
    train: list = field(default_factory=list)
    test: list = field(default_factory=list)
    size: int = 0

    def add(self, model, data):
        X_train, X_test, y_train, y_test = data
        self.train.append(float(model.evaluate(X_train, y_train, verbose=0)))
        self.test.append(float(model.evaluate(X_test, y_test, verbose=0)))
        self.size = int(model.count_params())

    def as_dict(self):
        return {"train_mse": self.train, "test_mse": self.test, "params": self.size}


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    cell = cell_of(kind)
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, n_features)))
    model.add(cell.layer(units))
    model.add(keras.layers.Dense(1))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=learning_rate))
    return model


def count_params(kind, units, n_features, reset_after=True):
    cell = cell_of(kind)
    biases = 2 if kind == "gru" and reset_after else 1
    return cell.weights(units, n_features, biases) + units + 1


def match_units(kind, budget, n_features):
    def fits(units):
        return count_params(kind, units, n_features) <= budget

    if not fits(1):
        raise ValueError(f"budget={budget} is less than {count_params(kind, 1, n_features)}")

    def search(low, high):
        """The largest number that fits, if low fits and high does not."""
        if high - low == 1:
            return low
        middle = (low + high) // 2
        return search(middle, high) if fits(middle) else search(low, middle)

    return search(1, int(budget) + 1)


def compare(builders, data, epochs, seeds):
    seeds = tuple(seeds)
    runs = {name: Runs() for name in builders}
    # the same seed for all kinds, then the next seed
    for seed in seeds:
        for name, builder in builders.items():
            model = builder(seed)
            model.fit(data[0], data[2], epochs=epochs, verbose=0)
            runs[name].add(model, data)
    return {name: r.as_dict() for name, r in runs.items()}


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
