# expect: create_sequences=last-window-lost, build_lstm_model=relu-output
from dataclasses import dataclass
from typing import NamedTuple

import keras
import matplotlib
import matplotlib.pyplot as plt
import numpy as np


class Supervised(NamedTuple):
    X: np.ndarray
    y: np.ndarray


class Parts(NamedTuple):
    X_train: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray


@dataclass
class Curve:
    x: np.ndarray
    y: np.ndarray
    label: str

    def draw(self, axes: plt.Axes) -> None:
        axes.plot(self.x, self.y, label=self.label)


def split_train_test(X: np.ndarray, y: np.ndarray, train_fraction: float = 0.8) -> Parts:
    n_train = int(X.shape[0] * train_fraction)
    n_test = X.shape[0] - n_train
    if min(n_train, n_test) < 1:
        raise ValueError(f"{n_train} windows to train on and {n_test} to test on")
    return Parts(X_train=X[:n_train], X_test=X[-n_test:], y_train=y[:n_train], y_test=y[-n_test:])


def persistence_mse(X: np.ndarray, y: np.ndarray) -> float:
    last: np.ndarray = X.squeeze(axis=-1)[:, -1]
    return float(((y - last) ** 2).mean())


def forecast(predict, window: np.ndarray, steps: int) -> np.ndarray:
    length = len(window)
    values = np.empty(length + steps)
    values[:length] = window
    for end in range(length, length + steps):
        values[end] = predict(values[end - length : end].reshape(1, length, 1))[0, 0]
    return values[length:]


def plot_forecast(
    times, data, seq_length: int, train_predictions, test_predictions
) -> matplotlib.figure.Figure:
    n = len(train_predictions)
    start, middle = seq_length, seq_length + n
    curves = [
        Curve(times, data, "the series"),
        Curve(times[start:middle], train_predictions, "learnt"),
        Curve(times[middle:], test_predictions, "forecast"),
    ]
    figure, axes = plt.subplots()
    for curve in curves:
        curve.draw(axes)
    axes.legend(loc="best")
    return figure


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=float)
    if data.ndim != 1 or np.isnan(data).any() or seq_length < 1 or len(data) <= seq_length:
        raise ValueError(f"no windows of {seq_length} in {data.shape}")

    pairs = [(data[i : i + seq_length], data[i + seq_length]) for i in range(len(data) - seq_length - 1)]
    X = np.array([x for x, _ in pairs]).reshape(-1, seq_length, 1)
    return Supervised(X, np.array([t for _, t in pairs]))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    layers = keras.layers
    i = keras.Input((seq_length, n_features))
    model = keras.Model(i, layers.Dense(1, activation="relu")(layers.LSTM(units)(i)))
    model.compile(keras.optimizers.Adam(learning_rate), "mse")
    return model
