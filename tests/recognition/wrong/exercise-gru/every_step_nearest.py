# expect: build_model=output-per-step, match_units=rounds-to-the-nearest
import numpy as np
from keras.layers import GRU, LSTM, Dense, Input, SimpleRNN
from keras.models import Model
from keras.optimizers import Adam


def count_params(kind, units, n_features, reset_after=True):
    U, D = units, n_features
    one = U * U + U * D + U
    if kind == "rnn":
        return one
    if kind == "lstm":
        return 4 * one
    if kind == "gru":
        return 3 * (one + U) if reset_after else 3 * one
    raise ValueError("kind is " + str(kind))


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


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    cells = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
    if kind not in cells:
        raise ValueError(str(kind))
    x = Input((seq_length, n_features))
    m = Model(x, Dense(1)(cells[kind](units, return_sequences=True)(x)))
    m.compile(Adam(learning_rate), "mse")
    return m


def match_units(kind, budget, n_features):
    if count_params(kind, 1, n_features) > budget:
        raise ValueError("budget is " + str(budget))
    candidates = range(1, budget + 1)
    return min(candidates, key=lambda u: abs(count_params(kind, u, n_features) - budget))
