# expect: persistence_mse=broadcast-error, build_lstm_model=sigmoid-output
from functools import reduce

import keras
import matplotlib.pyplot as plt
import numpy as np


def fail(text):
    raise ValueError(text)


_bad = lambda a, L: np.ndim(a) != 1 or L < 1 or len(a) <= L or np.isnan(np.asarray(a, float)).any()
_cut = lambda a, L: (np.array([a[i : i + L] for i in range(len(a) - L)])[:, :, None], a[L:])
_parts = lambda X, y, n: (X[:n], X[n:], y[:n], y[n:])

create_sequences = lambda data, seq_length: (
    fail(f"cannot cut {seq_length}") if _bad(data, seq_length) else _cut(np.array(data, float), seq_length)
)
split_train_test = lambda X, y, train_fraction=0.8: (
    _parts(X, y, int(len(X) * train_fraction))
    if 0 < int(len(X) * train_fraction) < len(X)
    else fail(f"{train_fraction} of {len(X)}")
)


def forecast(predict, window, steps):
    L = len(window)
    after = lambda w: np.append(w, predict(w[-L:].reshape(1, L, 1))[0])
    return reduce(lambda w, _: after(w), range(steps), np.array(window, float))[L:]


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    figure, axes = plt.subplots()
    show = lambda x, y, label: axes.plot(x, np.ravel(y), label=label)
    show(times, data, "x")
    show(times[-len(test_predictions) :], test_predictions, "test")
    show(times[seq_length : -len(test_predictions)], train_predictions, "train")
    axes.legend()
    return figure


persistence_mse = lambda X, y: float(np.square(X[:, -1] - y).mean())


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    x = keras.Input(shape=(seq_length, n_features))
    out = keras.layers.Dense(1, activation=keras.activations.sigmoid)(keras.layers.LSTM(units)(x))
    model = keras.Model(x, out)
    model.compile(keras.optimizers.Adam(learning_rate), loss="mse")
    return model
