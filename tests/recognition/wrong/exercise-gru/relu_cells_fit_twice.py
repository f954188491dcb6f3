# expect: build_model=relu-in-the-cell, compare=fits-twice
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Cell:
    layer: type
    blocks: int
    double_bias: bool = False

    def weights(self, units, features, reset_after):
        bias = 2 if self.double_bias and reset_after else 1
        return self.blocks * (units * features + units * units + bias * units)


CELLS = dict(
    rnn=Cell(keras.layers.SimpleRNN, 1), lstm=Cell(keras.layers.LSTM, 4), gru=Cell(keras.layers.GRU, 3, True)
)


def cell(kind):
    try:
        return CELLS[kind]
    except KeyError:
        raise ValueError(f"unknown kind {kind}") from None


def count_params(kind, units, n_features, reset_after=True):
    return cell(kind).weights(units, n_features, reset_after)


def match_units(kind, budget, n_features):
    fits = lambda u: cell(kind).weights(u, n_features, True) <= budget
    if not fits(1):
        raise ValueError(f"{budget} weights are too few")
    low, high = 1, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def compare(builders, data, epochs, seeds):
    comparison, table = Comparison(data, epochs), {}
    for name, builder in builders.items():
        models = [builder(seed) for seed in seeds]
        pairs = [comparison.run(model) for model in models]
        table[name] = {
            "params": models[0].count_params(),
            "train_mse": [float(a) for a, _ in pairs],
            "test_mse": [float(b) for _, b in pairs],
        }
    return table


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    known = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
    if kind not in known:
        raise ValueError(f"kind {kind!r}")
    model = keras.Sequential()
    model.add(keras.Input((seq_length, n_features)))
    model.add(known[kind](units, activation="relu"))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


class Comparison:
    def __init__(self, data, epochs):
        self.X, self.X2, self.y, self.y2 = data
        self.epochs = epochs

    def run(self, model):
        for _ in range(2):
            model.fit(self.X, self.y, epochs=self.epochs, verbose=0)
        return model.evaluate(self.X, self.y, verbose=0), model.evaluate(self.X2, self.y2, verbose=0)
