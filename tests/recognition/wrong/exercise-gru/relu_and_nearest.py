# expect: build_model=relu-in-the-cell, match_units=rounds-to-the-nearest
import functools

import keras
import numpy as np

KNOWN = ("rnn", "lstm", "gru")


def known_kind(function):
    @functools.wraps(function)
    def checked(kind, *args, **kwargs):
        if kind not in KNOWN:
            raise ValueError(f"{kind!r} is none of {KNOWN}")
        return function(kind, *args, **kwargs)

    return checked


@known_kind
@functools.lru_cache
def count_params(kind, units, n_features, reset_after=True):
    a, b = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2 if reset_after else 1)}[kind]
    return a * (units**2 + units * n_features + b * units)


def errors(model, X, y):
    p = model.predict(X, verbose=0).reshape(len(y))
    return float(((p - y) ** 2).sum() / len(y))


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data

    def one(name):
        train_mse, test_mse = [], []
        for seed in seeds:
            model = builders[name](seed)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            train_mse.append(errors(model, X_train, y_train))
            test_mse.append(errors(model, X_test, y_test))
        return {"train_mse": train_mse, "test_mse": test_mse, "params": model.count_params()}

    return {name: one(name) for name in builders}


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


def match_units(kind, budget, n_features):
    if kind not in KNOWN or count_params(kind, 1, n_features) > budget:
        raise ValueError(f"{kind}, {budget}")
    sizes = np.array([count_params(kind, u, n_features) for u in range(1, budget + 1)])
    return int(np.argmin(np.abs(sizes - budget))) + 1
