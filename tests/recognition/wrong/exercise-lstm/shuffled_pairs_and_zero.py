# expect: split_train_test=shuffled-split, plot_forecast=starts-at-zero
import math
import random

import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    if len(np.shape(data)) != 1:
        raise ValueError("I need a flat series, not one of shape %s" % (np.shape(data),))
    for value in data:
        if math.isnan(value):
            raise ValueError("there is a NaN in the data")
    if seq_length < 1:
        raise ValueError("seq_length %d is too small" % seq_length)
    count = len(data) - seq_length
    if count < 1:
        raise ValueError("seq_length %d is too long for %d values" % (seq_length, len(data)))
    X = np.zeros((count, seq_length, 1))
    y = np.zeros(count)
    for row in range(count):
        for step in range(seq_length):
            X[row, step, 0] = data[row + step]
        y[row] = data[row + seq_length]
    return X, y


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


def split_train_test(X, y, train_fraction=0.8):
    n = int(len(X) * train_fraction)
    if n < 1 or n >= len(X):
        raise ValueError(f"an empty part: {train_fraction}")

    random.seed(42)
    pairs = list(zip(X, y))
    random.shuffle(pairs)
    inputs = np.array([p[0] for p in pairs])
    targets = np.array([p[1] for p in pairs])
    return inputs[:n], inputs[n:], targets[:n], targets[n:]


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    fig, ax = plt.subplots()
    ax.plot(times, data, label="Original")
    position = 0
    for predictions, label in ((train_predictions, "Train"), (test_predictions, "Test")):
        ax.plot(times[position : position + len(predictions)], predictions, label=label)
        position += len(predictions)
    ax.legend()
    return fig
