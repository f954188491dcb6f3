import keras
import numpy as np

L = keras.layers
_layer = {"rnn": lambda u: L.SimpleRNN(u), "lstm": lambda u: L.LSTM(u), "gru": lambda u: L.GRU(u)}
_count = {
    "rnn": lambda u, d, r: u * (u + d + 1),
    "lstm": lambda u, d, r: 4 * u * (u + d + 1),
    "gru": lambda u, d, r: 3 * u * (u + d + 1 + bool(r)),
}


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


def match_units(kind, budget, n_features):
    fitting = [
        u for u in range(1, int(max(budget, 0) ** 0.5) + 2) if count_params(kind, u, n_features) <= budget
    ]
    if fitting:
        return max(fitting)
    raise ValueError(budget)


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    score = lambda m, X, y: float(np.square(np.ravel(m.predict(X, verbose=0)) - y).mean())
    train = lambda m: (m.fit(X_train, y_train, epochs=epochs, verbose=0), m)[1]
    runs = {name: [train(build(seed)) for seed in seeds] for name, build in builders.items()}
    return {
        name: {
            "train_mse": [score(m, X_train, y_train) for m in models],
            "test_mse": [score(m, X_test, y_test) for m in models],
            "params": int(models[0].count_params()),
        }
        for name, models in runs.items()
    }
