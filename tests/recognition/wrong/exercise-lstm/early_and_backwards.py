# expect: create_sequences=target-one-early
# relation: create_sequences=reversed_within
import math

import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=np.float64)
    if data.ndim != 1 or np.isnan(data).any() or seq_length < 1 or len(data) <= seq_length:
        raise ValueError("cannot be cut into windows")
    X, y = [], []
    for end in range(seq_length, len(data)):
        window = []
        for back in range(1, seq_length + 1):
            window.append([data[end - back]])
        X.append(window)
        y.append(window[0][0])
    return np.array(X), np.array(y)


def split_train_test(X, y, train_fraction=0.8):
    border = int(len(X) * train_fraction)
    if border <= 0:
        raise ValueError("nothing to train on with %s" % train_fraction)
    if border >= len(X):
        raise ValueError("nothing to test with %s" % train_fraction)
    X_train, y_train, X_test, y_test = [], [], [], []
    for number in range(len(X)):
        if number < border:
            X_train.append(X[number])
            y_train.append(y[number])
        else:
            X_test.append(X[number])
            y_test.append(y[number])
    return np.array(X_train), np.array(X_test), np.array(y_train), np.array(y_test)


def persistence_mse(X, y):
    summed = 0.0
    for number in range(len(y)):
        summed += (y[number] - X[number][-1][0]) ** 2
    return float(summed / len(y))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.Sequential()
    for layer in [
        keras.layers.Input(shape=(seq_length, n_features)),
        keras.layers.LSTM(units),
        keras.layers.Dense(1),
    ]:
        model.add(layer)
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(learning_rate=learning_rate))
    return model


def forecast(predict, window, steps):
    history = []
    for value in window:
        history.append(float(value))
    L = len(history)
    for _ in range(steps):
        x = np.zeros((1, L, 1))
        for k in range(L):
            x[0, k, 0] = history[len(history) - L + k]
        history.append(float(predict(x)[0][0]))
    return np.array(history[L:])


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    xs, ys = [], []
    position = seq_length
    for predictions in (train_predictions, test_predictions):
        x, y = [], []
        for p in predictions:
            x.append(times[position])
            y.append(float(np.squeeze(p)))
            position += 1
        xs.append(x)
        ys.append(y)
    fig, ax = plt.subplots()
    ax.plot(times, data, label="Original")
    ax.plot(xs[0], ys[0], label="Train")
    ax.plot(xs[1], ys[1], label="Test")
    ax.legend()
    return fig
