# expect: compare=other-seeds-for-each, match_units=rounds-to-the-nearest
import math

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
    if count_params(kind, 1, n_features) > budget:
        raise ValueError(f"budget {budget}")
    units = 1
    while count_params(kind, units, n_features) < budget:
        units += 1
    above, below = count_params(kind, units, n_features) - budget, None
    below = budget - count_params(kind, units - 1, n_features) if units > 1 else above + 1
    return units if above < below else units - 1


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = {}
    for number, (name, builder) in enumerate(builders.items()):
        train, test = [], []
        for seed in seeds:
            model = builder(seed + number)
            model.fit(X_train, y_train, epochs=epochs, verbose=0)
            train.append(float(model.evaluate(X_train, y_train, verbose=0)))
            test.append(float(model.evaluate(X_test, y_test, verbose=0)))
        results[name] = {"train_mse": train, "test_mse": test, "params": model.count_params()}
    return results
