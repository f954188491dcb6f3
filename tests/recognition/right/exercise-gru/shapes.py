import itertools

import keras
from keras import layers

KINDS = ["rnn", "lstm", "gru"]


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in KINDS:
        raise ValueError(kind)
    cls = [layers.SimpleRNN, layers.LSTM, layers.GRU][KINDS.index(kind)]
    model = keras.Sequential([cls(units, input_shape=(seq_length, n_features)), layers.Dense(1)])
    adam = keras.optimizers.Adam()
    adam.learning_rate = learning_rate
    model.compile(adam, "mse")
    return model


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


def compare(builders, data, epochs, seeds):
    answer = {name: {} for name in builders}
    for name, make in builders.items():
        models = []
        for seed in seeds:
            models.append(make(seed))
            models[-1].fit(data[0], data[2], epochs=epochs, verbose=0)
        answer[name]["train_mse"] = [float(m.evaluate(data[0], data[2], verbose=0)) for m in models]
        answer[name]["test_mse"] = [float(m.evaluate(data[1], data[3], verbose=0)) for m in models]
        answer[name]["params"] = models[-1].count_params()
    return answer
