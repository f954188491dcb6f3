# expect: build_model=shared-optimizer, compare=one-model-for-all-seeds
import itertools

import keras
from keras import layers

KINDS = ["rnn", "lstm", "gru"]


def count_params(kind, units, n_features, reset_after=True):
    if kind not in KINDS:
        raise ValueError(kind)
    blocks = [1, 4, 3][KINDS.index(kind)]
    total = 0
    for _ in range(blocks):
        total += units * n_features
        total += units * units
        total += units
        if kind == "gru" and reset_after:
            total += units
    return total


def match_units(kind, budget, n_features):
    for units in itertools.count(1):
        if count_params(kind, units, n_features) > budget:
            if units == 1:
                raise ValueError(budget)
            return units - 1


class Keeper:
    adam = keras.optimizers.Adam()


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    cells = dict(zip(KINDS, (layers.SimpleRNN, layers.LSTM, layers.GRU)))
    if kind not in cells:
        raise ValueError(kind)
    model = keras.Sequential([layers.Input((seq_length, n_features)), cells[kind](units), layers.Dense(1)])
    Keeper.adam.learning_rate = learning_rate
    model.compile(Keeper.adam, "mse")
    return model


def compare(builders, data, epochs, seeds):
    answer = {}
    for name, make in builders.items():
        model = make(seeds[0])
        entry = {"train_mse": [], "test_mse": [], "params": model.count_params()}
        for _ in seeds:
            model.fit(data[0], data[2], epochs=epochs, verbose=0)
            entry["train_mse"].append(float(model.evaluate(data[0], data[2], verbose=0)))
            entry["test_mse"].append(float(model.evaluate(data[1], data[3], verbose=0)))
        answer[name] = entry
    return answer
