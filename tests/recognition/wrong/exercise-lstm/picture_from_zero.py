# expect: plot_forecast=starts-at-zero
from dataclasses import dataclass
from typing import NamedTuple

import keras
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


def create_sequences(data: np.ndarray, seq_length: int) -> Supervised:
    if data.ndim != 1:
        raise ValueError(f"{data.ndim} dimensions")
    if np.any(data != data):
        raise ValueError("NaN")
    if seq_length < 1 or seq_length + 1 > len(data):
        raise ValueError(f"seq_length {seq_length} for {len(data)} values")
    columns = [data[k : len(data) - seq_length + k] for k in range(seq_length)]
    return Supervised(X=np.stack(columns, axis=1)[:, :, np.newaxis].astype(np.float64), y=data[seq_length:])


def split_train_test(X: np.ndarray, y: np.ndarray, train_fraction: float = 0.8) -> Parts:
    n_train = int(X.shape[0] * train_fraction)
    n_test = X.shape[0] - n_train
    if min(n_train, n_test) < 1:
        raise ValueError(f"{n_train} windows to train on and {n_test} to test on")
    return Parts(X_train=X[:n_train], X_test=X[-n_test:], y_train=y[:n_train], y_test=y[-n_test:])


def persistence_mse(X: np.ndarray, y: np.ndarray) -> float:
    last: np.ndarray = X.squeeze(axis=-1)[:, -1]
    return float(((y - last) ** 2).mean())


def build_lstm_model(
    seq_length: int, units: int = 50, n_features: int = 1, learning_rate: float = 1e-3
) -> keras.Model:
    model = keras.Sequential(
        [keras.layers.LSTM(units, input_shape=(seq_length, n_features)), keras.layers.Dense(units=1)]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


def forecast(predict, window: np.ndarray, steps: int) -> np.ndarray:
    length = len(window)
    values = np.empty(length + steps)
    values[:length] = window
    for end in range(length, length + steps):
        values[end] = predict(values[end - length : end].reshape(1, length, 1))[0, 0]
    return values[length:]


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n = len(train_predictions)
    m = n + len(test_predictions)
    curves = [
        Curve(times, data, "the series"),
        Curve(times[0:n], train_predictions, "learnt"),
        Curve(times[n:m], test_predictions, "forecast"),
    ]
    figure, axes = plt.subplots()
    for curve in curves:
        curve.draw(axes)
    axes.legend()
    return figure
