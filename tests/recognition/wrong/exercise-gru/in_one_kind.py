# expect: build_model=relu-in-the-cell, count_params=no-bias-counted, match_units=rounds-to-the-nearest
import functools

import keras

KNOWN = ("rnn", "lstm", "gru")


def known_kind(function):
    @functools.wraps(function)
    def checked(kind, *args, **kwargs):
        if kind not in KNOWN:
            raise ValueError(f"{kind!r} is none of {KNOWN}")
        return function(kind, *args, **kwargs)

    return checked


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind == "rnn":
        cell = keras.layers.SimpleRNN(units)
    elif kind == "lstm":
        cell = keras.layers.LSTM(units)
    elif kind == "gru":
        cell = keras.layers.GRU(units, activation="relu")
    else:
        raise ValueError(kind)
    model = keras.Sequential([keras.Input((seq_length, n_features)), cell, keras.layers.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=learning_rate))
    return model


def count_params(kind, units, n_features, reset_after=True):
    if kind == "rnn":
        return units * (units + n_features) + units
    if kind == "lstm":
        return 4 * units * (units + n_features)
    if kind == "gru":
        return 3 * (units * (units + n_features) + (2 * units if reset_after else units))
    raise ValueError(kind)


def match_units(kind, budget, n_features, start=1):
    a, b = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}[kind] if kind in KNOWN else (0, 0)
    if a == 0 or a * (1 + n_features + b) > budget:
        raise ValueError(f"{kind}, {budget}")
    # the positive root of a * u * (u + n_features + b) = budget
    p = n_features + b
    return max(1, round((-p + (p * p + 4 * budget / a) ** 0.5) / 2))


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
