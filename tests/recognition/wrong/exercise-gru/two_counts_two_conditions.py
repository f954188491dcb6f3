# expect: count_params=no-bias-counted+gru-one-bias, compare=other-seeds-for-each+shuffles-the-split
# relation: count_params=argument_ignored
import numpy as np
from keras.layers import GRU, LSTM, Dense, Input, SimpleRNN
from keras.models import Model
from keras.optimizers import Adam


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    x = Input((seq_length, n_features))
    if kind == "rnn":
        h = SimpleRNN(units)(x)
    elif kind == "lstm":
        h = LSTM(units)(x)
    elif kind == "gru":
        h = GRU(units)(x)
    else:
        raise ValueError("kind is " + str(kind))
    m = Model(x, Dense(1, activation="linear")(h))
    m.compile(Adam(learning_rate=learning_rate), "mean_squared_error")
    return m


def count_params(kind, units, n_features, reset_after=True):
    U, D = units, n_features
    if kind == "rnn":
        return U * (U + D + 1)
    if kind == "lstm":
        return 4 * (U * U + U * D)
    if kind == "gru":
        return 3 * (U * U + U * D + U)
    raise ValueError("kind is " + str(kind))


def match_units(kind, budget, n_features):
    best = None
    for u in range(1, budget + 2):
        if count_params(kind, u, n_features) > budget:
            break
        best = u
    if best is None:
        raise ValueError("budget is " + str(budget))
    return best


def mse(model, X, y):
    return float(np.mean((model.predict(X, verbose=0)[:, 0] - y) ** 2))


def compare(builders, data, epochs, seeds):
    X = np.concatenate([data[0], data[1]])
    y = np.concatenate([data[2], data[3]])
    n = len(data[2])
    rng = np.random.default_rng(0)
    out = {}
    for i, name in enumerate(builders):
        train, test, params = [], [], 0
        for s in seeds:
            shuffled = rng.permutation(len(X))
            a, b = shuffled[:n], shuffled[n:]
            m = builders[name](s + i)
            params = m.count_params()
            m.fit(X[a], y[a], epochs=epochs, batch_size=16, verbose=0)
            train.append(mse(m, X[a], y[a]))
            test.append(mse(m, X[b], y[b]))
        out[name] = dict(train_mse=train, test_mse=test, params=params)
    return out
