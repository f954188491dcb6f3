# expect: split_train_test=counts-points, plot_forecast=no-labels
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


def persistence_mse(X, y):
    return float(keras.ops.convert_to_numpy(keras.ops.mean(keras.ops.square(X[:, -1, 0] - y))))


def compiled(function):
    def build(seq_length, units=50, n_features=1, learning_rate=1e-3):
        model = function(seq_length, units, n_features)
        model.compile(keras.optimizers.Adam(learning_rate), "mse")
        return model

    return build


@compiled
def build_lstm_model(seq_length, units, n_features):
    return keras.Sequential(
        [keras.Input((seq_length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)]
    )


def forecast(predict, window, steps):
    if steps == 0:
        return np.array([])
    value = float(np.squeeze(predict(np.reshape(window, (1, -1, 1)))))
    return np.append(value, forecast(predict, np.append(window[1:], value), steps - 1))


def split_train_test(X, y, train_fraction=0.8):
    windows, length = X.shape[:2]
    cut = int(train_fraction * (windows + length))
    if cut <= 0 or cut >= windows:
        raise ValueError(f"empty part for {train_fraction}")
    train, test = slice(None, cut), slice(cut, None)
    return X[train], X[test], y[train], y[test]


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    fig = plt.figure(figsize=(8, 3))
    k = seq_length + len(train_predictions)
    plt.plot(times, data)
    plt.plot(times[seq_length:k], train_predictions)
    plt.plot(times[k:], test_predictions)
    plt.title("series, training, test")
    plt.legend()
    return fig
