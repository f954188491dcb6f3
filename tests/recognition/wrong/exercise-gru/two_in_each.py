# expect: build_model=relu-on-the-output+ignores-learning-rate, compare=judges-by-training-loss+one-size-for-all
import keras

LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in LAYERS:
        raise ValueError(f"unknown kind {kind}")
    model = keras.Sequential()
    model.add(keras.Input(shape=(seq_length, n_features)))
    model.add(LAYERS[kind](units))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.ReLU())
    model.compile("adam", "mse")
    return model


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


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    table = {}
    size = 0
    for name, builder in builders.items():
        losses = []
        for seed in seeds:
            model = builder(seed)
            if size == 0:
                size = model.count_params()
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            losses.append(model.evaluate(X_train, y_train, verbose=0))
        table[name] = {"train_mse": losses, "test_mse": losses, "params": size}
    return table
