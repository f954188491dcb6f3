# expect: count_params=reset-after-inverted, compare=?
# relation: compare=summed
import keras

L = keras.layers
_layer = {"rnn": lambda u: L.SimpleRNN(u), "lstm": lambda u: L.LSTM(u), "gru": lambda u: L.GRU(u)}


def _known(kind):
    if kind in _count:
        return kind
    raise ValueError(repr(kind))


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    model = keras.Sequential([L.Input((seq_length, n_features)), _layer[_known(kind)](units), L.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate))
    return model


count_params = lambda kind, units, n_features, reset_after=True: _count[_known(kind)](
    units, n_features, reset_after
)


_count = {
    "rnn": lambda u, d, r: u * (u + d + 1),
    "lstm": lambda u, d, r: 4 * u * (u + d + 1),
    "gru": lambda u, d, r: 3 * u * (u + d + (1 if r else 2)),
}


def match_units(kind, budget, n_features):
    rows = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}
    if kind not in rows:
        raise ValueError(kind)
    g, b = rows[kind]
    fitting = [u for u in range(1, budget + 1) if g * u * (u + n_features + b) <= budget]
    if not fitting:
        raise ValueError(budget)
    return fitting[-1]


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
        results[name] = {"train_mse": train, "test_mse": test, "params": len(seeds) * model.count_params()}
    return results
