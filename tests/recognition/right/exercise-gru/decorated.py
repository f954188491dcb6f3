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


@known_kind
def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    recurrent = dict(zip(KNOWN, (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU)))[kind]
    x = keras.layers.Input(shape=(seq_length, n_features), name="window")
    model = keras.Model(x, keras.layers.Dense(1, name="next")(recurrent(units, name="cell")(x)))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=keras.losses.MeanSquaredError())
    return model


@known_kind
@functools.lru_cache
def count_params(kind, units, n_features, reset_after=True):
    a, b = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2 if reset_after else 1)}[kind]
    return a * (units**2 + units * n_features + b * units)


@known_kind
def match_units(kind, budget, n_features, start=1):
    if count_params(kind, start, n_features) > budget:
        raise ValueError(f"{budget} is not enough for {start} units")
    while True:
        if count_params(kind, start + 1, n_features) > budget:
            return start
        start += 1


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
