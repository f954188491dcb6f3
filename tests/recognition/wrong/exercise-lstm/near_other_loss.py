# expect: build_lstm_model=?, persistence_mse=?
# relation: persistence_mse=rooted
import functools

import keras
import matplotlib.pyplot as plt
import numpy as np


def require(condition, text):
    """Refuse arguments for which the condition does not hold."""

    def decorate(function):
        @functools.wraps(function)
        def checked(*args, **kwargs):
            if not condition(*args, **kwargs):
                raise ValueError(text)
            return function(*args, **kwargs)

        return checked

    return decorate


@require(lambda data, seq_length: np.ndim(data) == 1, "data should be flat")
@require(lambda data, seq_length: np.isfinite(data).all(), "data has holes")
@require(lambda data, seq_length: 0 < seq_length < len(data), "seq_length does not fit")
def create_sequences(data, seq_length):
    L = seq_length
    X = np.vstack([data[i : i + L] for i in range(len(data) - L)]).astype(float)
    y = np.hstack([data[i + L] for i in range(len(data) - L)])
    return X.reshape(X.shape + (1,)), y


@require(lambda X, y, train_fraction=0.8: 0 < int(len(X) * train_fraction) < len(X), "a part is empty")
def split_train_test(X, y, train_fraction=0.8):
    is_train = np.arange(len(X)) < int(len(X) * train_fraction)
    return X[is_train], X[~is_train], y[is_train], y[~is_train]


def forecast(predict, window, steps):
    if steps == 0:
        return np.array([])
    value = float(np.squeeze(predict(np.reshape(window, (1, -1, 1)))))
    return np.append(value, forecast(predict, np.append(window[1:], value), steps - 1))


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    with plt.style.context("ggplot"):
        fig, ax = plt.subplots(1, 1)
    ax.set(title="Forecast", xlabel="t", ylabel="x")
    split = seq_length + len(train_predictions)
    ax.axvline(times[split], color="grey", linestyle=":")
    ax.plot(times, data, color="black", label="x(t)")
    ax.plot(times[seq_length:split], train_predictions, color="blue", label="training")
    ax.plot(times[split:], test_predictions, color="red", label="test")
    ax.legend()
    return fig


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.Sequential()
    model.add(keras.Input((seq_length, n_features)))
    model.add(keras.layers.LSTM(units))
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.Adam(learning_rate), "mae")
    return model


def persistence_mse(X, y):
    return float(np.sqrt(np.mean((X[:, -1, 0] - y) ** 2)))
