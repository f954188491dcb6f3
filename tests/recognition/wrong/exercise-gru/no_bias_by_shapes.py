# expect: count_params=no-bias-counted
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
    if kind not in BLOCKS:
        raise ValueError(kind)
    total = 0
    for _block in range(BLOCKS[kind]):
        for rows in (n_features, units):
            total += rows * units
    return total


def match_units(kind, budget, n_features):
    rows = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}
    if kind not in rows:
        raise ValueError(kind)
    g, b = rows[kind]
    fitting = [u for u in range(1, budget + 1) if g * u * (u + n_features + b) <= budget]
    if not fitting:
        raise ValueError(budget)
    return fitting[-1]
