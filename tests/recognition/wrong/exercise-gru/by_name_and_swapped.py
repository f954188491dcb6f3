# expect: build_model=ignores-learning-rate, compare=?
# relation: compare=swapped
import keras

LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}


def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(f"no cell called {kind!r}")
    biases = 2 if kind == "gru" and reset_after else 1
    return BLOCKS[kind] * units * (units + n_features + biases)


def match_units(kind, budget, n_features):
    units = 0
    while count_params(kind, units + 1, n_features) <= budget:
        units += 1
    if units == 0:
        raise ValueError(f"a budget of {budget} is too small")
    return units


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    known = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
    if kind not in known:
        raise ValueError(f"kind {kind!r}")
    model = keras.Sequential()
    model.add(keras.Input((seq_length, n_features)))
    model.add(known[kind](units))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer="adam", loss="mse")
    return model


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for name, builder in builders.items():
        train, test = [], []
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            train.append(float(model.evaluate(X_train, y_train, verbose=0)))
            test.append(float(model.evaluate(X_test, y_test, verbose=0)))
        results[name] = {"train_mse": test, "test_mse": train, "params": model.count_params()}
    return results
