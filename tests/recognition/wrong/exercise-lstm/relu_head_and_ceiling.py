# expect: build_lstm_model=relu-output, split_train_test=rounds-the-cut
import math

import keras
import matplotlib.pyplot as plt
import numpy as np


class Windows:
    """All windows of a series."""

    def __init__(self, data, length):
        self.data = np.asarray(data, dtype=np.float64)
        self.length = length
        self.check()

    def check(self):
        problems = {
            "not one-dimensional": self.data.ndim != 1,
            "NaN in the data": bool(np.isnan(self.data).any()),
            f"length {self.length} below 1": self.length < 1,
            "series too short": self.data.shape[0] <= self.length,
        }
        for problem, there in problems.items():
            if there:
                raise ValueError(problem)

    def __len__(self):
        return len(self.data) - self.length

    def __getitem__(self, i):
        if i >= len(self):
            raise IndexError(i)
        return self.data[i : i + self.length], self.data[i + self.length]

    def arrays(self):
        inputs, targets = zip(*self)
        return np.expand_dims(np.stack(inputs), axis=2), np.array(targets)


class Rollout:
    """A window that moves over its own predictions."""

    def __init__(self, predict, window):
        self.predict = predict
        self.window = np.array(window, dtype=float)

    def step(self):
        value = np.ravel(self.predict(self.window[np.newaxis, :, np.newaxis]))[0]
        self.window = np.concatenate([self.window[1:], [value]])
        return value


class Plotter:
    def __call__(self, times, data, seq_length, train_predictions, test_predictions):
        figure, self.axes = plt.subplots()
        self.line(times, data, "series")
        k = len(train_predictions)
        self.line(times[seq_length:][:k], train_predictions, "training")
        self.line(times[seq_length:][k:], test_predictions, "test")
        self.axes.legend()
        return figure

    def line(self, x, y, label):
        self.axes.plot(x, np.reshape(y, -1), label=label)


def create_sequences(data, seq_length):
    return Windows(data, seq_length).arrays()


def persistence_mse(X, y):
    return float(np.var(X[:, -1, 0] - y) + np.mean(X[:, -1, 0] - y) ** 2)


def forecast(predict, window, steps):
    rollout = Rollout(predict, window)
    return np.array([rollout.step() for _ in range(steps)])


plot_forecast = Plotter()


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.models.Sequential()
    model.add(keras.layers.Input((seq_length, n_features)))
    model.add(keras.layers.LSTM(units))
    model.add(keras.layers.Dense(1, activation="relu"))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate))
    return model


def split_train_test(X, y, train_fraction=0.8):
    cut = math.ceil(len(y) * train_fraction)
    if cut in (0, len(y)):
        raise ValueError("empty part")
    return X[:cut], X[cut:], y[:cut], y[cut:]
