# expect: count_params=gru-one-bias
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
    Xa, Xb, ya, yb = data
    out = {}
    for name in builders:
        train, test, params = [], [], 0
        for s in seeds:
            m = builders[name](s)
            params = m.count_params()
            m.fit(Xa, ya, epochs=epochs, batch_size=16, verbose=0, validation_data=(Xb, yb))
            train.append(mse(m, Xa, ya))
            test.append(mse(m, Xb, yb))
        out[name] = dict(train_mse=train, test_mse=test, params=params)
    return out


def count_params(kind, units, n_features, reset_after=True):
    one = units * (units + n_features + 1)
    if kind == "rnn":
        return one
    if kind == "gru":
        return 3 * one
    if kind == "lstm":
        return 4 * one
    raise ValueError("kind is " + str(kind))
