# expect: compare=?
# relation: compare=rooted
import keras
import numpy as np

BLOCKS = np.array([1, 4, 3])
NAMES = np.array(["rnn", "lstm", "gru"])


def index_of(kind):
    found = np.flatnonzero(kind == NAMES)
    if found.size == 0:
        raise ValueError(f"kind {kind}")
    return found[0]


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    i = index_of(kind)
    options = [keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU]
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(seq_length, n_features)))
    model.add(options[i](units=units))
    model.add(keras.layers.Dense(units=1))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mean_squared_error")
    return model


def count_params(kind, units, n_features, reset_after=True):
    biases = np.array([1, 1, 2 if reset_after else 1])
    return (BLOCKS * units * (units + n_features + biases))[index_of(kind)]


def match_units(kind, budget, n_features):
    units = np.arange(1, max(budget, 1) + 1)
    sizes = BLOCKS[index_of(kind)] * units * (units + n_features + (2 if kind == "gru" else 1))
    if not (sizes <= budget).any():
        raise ValueError(f"budget {budget}")
    return units[sizes <= budget][-1]


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for name, builder in builders.items():
        train, test = [], []
        for seed in seeds:
            model = builder(seed)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            train.append(float(model.evaluate(X_train, y_train, verbose=0)))
            test.append(float(model.evaluate(X_test, y_test, verbose=0)) ** 0.5)
        results[name] = {"train_mse": train, "test_mse": test, "params": model.count_params()}
    return results
