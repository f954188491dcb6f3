# expect: build_lstm_model=relu-in-the-cell, forecast=window-never-moves
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


def split_train_test(X, y, train_fraction=0.8):
    cut = int(len(y) * train_fraction)
    parts = X[:cut], X[cut:], y[:cut], y[cut:]
    if any(len(part) == 0 for part in parts):
        raise ValueError(f"{train_fraction} leaves nothing in a part")
    return parts


def persistence_mse(X, y):
    return float(np.var(X[:, -1, 0] - y) + np.mean(X[:, -1, 0] - y) ** 2)


def forecast(predict, window, steps):
    rollout = Rollout(predict, window)
    return np.array([rollout.step() for _ in range(steps)])


plot_forecast = Plotter()


class Rollout:
    def __init__(self, predict, window):
        self.predict, self.window = predict, np.array(window, dtype=float)

    def step(self):
        return np.ravel(self.predict(self.window[np.newaxis, :, np.newaxis]))[0]


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    layers = keras.layers
    stack = [layers.Input((seq_length, n_features)), layers.LSTM(units, "relu"), layers.Dense(1)]
    model = keras.models.Sequential(stack)
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.MeanSquaredError())
    return model
