# expect: build_lstm_model=?, plot_forecast=one-time-early

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras.layers import LSTM, Dense


def create_sequences(data, seq_length):
    data = np.asarray(data)
    match data.shape:
        case (n,) if 1 <= seq_length < n and not np.isnan(data).any():
            at = np.add.outer(np.arange(n - seq_length), np.arange(seq_length + 1))
            table = data[at].astype(np.float64)
            return table[:, :seq_length, np.newaxis], table[:, seq_length]
    raise ValueError(f"no windows: shape {data.shape}, seq_length {seq_length}")


def split_train_test(X, y, train_fraction=0.8):
    n = int(train_fraction * len(X))
    train, test = np.arange(n), np.arange(n, len(X))
    if len(train) == 0 or len(test) == 0:
        raise ValueError(f"train_fraction={train_fraction}")
    return X.take(train, axis=0), X.take(test, axis=0), y.take(train), y.take(test)


def persistence_mse(X, y):
    pick = np.zeros(X.shape[1:])
    pick[-1] = 1
    difference = np.einsum("ijk,jk->i", X, pick) - y
    return float(np.einsum("i,i->", difference, difference) / len(y))


def forecast(predict, window, steps):
    length = window.size
    shift = np.eye(length, k=1)
    newest = np.eye(length)[-1]
    state, answers = np.array(window, dtype=float), []
    for _ in range(steps):
        answers.append(predict(state[None, :, None])[0, 0])
        state = shift @ state + newest * answers[-1]
    return np.asarray(answers)


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.Sequential([keras.Input((seq_length, n_features)), LSTM(units), Dense(2)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n = seq_length + len(train_predictions)
    figure, axes = plt.subplots()
    axes.plot(times, data, label="data")
    axes.plot(times[seq_length - 1 : n - 1], train_predictions, label="train")
    axes.plot(times[n - 1 : -1], test_predictions, label="test")
    axes.legend()
    return figure
