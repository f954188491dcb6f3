import math
from collections import defaultdict

import keras


def _shape(kind, reset_after=True):
    match kind:
        case "rnn":
            return 1, 1
        case "lstm":
            return 4, 1
        case "gru":
            return 3, 1 + int(reset_after)
    raise ValueError(f"{kind} is neither rnn nor lstm nor gru")


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    _shape(kind)
    name = {"rnn": "SimpleRNN"}.get(kind, kind.upper())
    inputs = keras.Input(shape=(seq_length, n_features))
    hidden = getattr(keras.layers, name)(units)(inputs)
    model = keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(hidden))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mse", metrics=[])
    return model


def count_params(kind, units, n_features, reset_after=True):
    gates, rows = _shape(kind, reset_after)
    kernel, recurrent, bias = (n_features, gates * units), (units, gates * units), (rows, gates * units)
    return sum(math.prod(shape) for shape in (kernel, recurrent, bias))


def match_units(kind, budget, n_features):
    gates, rows = _shape(kind)
    # g u^2 + g (d + r) u - budget = 0
    half = n_features + rows
    units = int((-half + math.sqrt(max(0, half * half + 4 * budget / gates))) / 2) + 1
    while units > 0 and count_params(kind, units, n_features) > budget:
        units -= 1
    if units < 1:
        raise ValueError(f"budget {budget}")
    return units


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = defaultdict(lambda: {"train_mse": [], "test_mse": [], "params": None})
    for seed in seeds:
        for name, builder in builders.items():
            model = builder(seed)
            model.fit(x=X_train, y=y_train, epochs=epochs, batch_size=len(X_train), verbose=0)
            entry = results[name]
            entry["params"] = model.count_params()
            for key, X, y in (("train_mse", X_train, y_train), ("test_mse", X_test, y_test)):
                entry[key] += [float(model.evaluate(X, y, verbose=0))]
    return dict(results)
