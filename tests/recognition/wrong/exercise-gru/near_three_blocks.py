# expect: count_params=counts-gates-only
import keras

LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in LAYERS:
        raise ValueError(f"no cell called {kind!r}")
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, n_features)))
    model.add(LAYERS[kind](units))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


def match_units(kind, budget, n_features):
    units = 0
    while count_params(kind, units + 1, n_features) <= budget:
        units += 1
    if units == 0:
        raise ValueError(f"a budget of {budget} is too small")
    return units


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for name, builder in builders.items():
        results[name] = {"train_mse": [], "test_mse": []}
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            results[name]["train_mse"].append(float(model.evaluate(X_train, y_train, verbose=0)))
            results[name]["test_mse"].append(float(model.evaluate(X_test, y_test, verbose=0)))
        results[name]["params"] = model.count_params()
    return results


def count_params(kind, units, n_features, reset_after=True):
    blocks = {"rnn": 1, "gru": 2, "lstm": 3}.get(kind)
    if blocks is None:
        raise ValueError(kind)
    biases = 2 if kind == "gru" and reset_after else 1
    return blocks * units * (units + n_features + biases)
