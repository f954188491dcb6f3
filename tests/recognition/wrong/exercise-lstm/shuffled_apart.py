# expect: split_train_test=shuffled-split
from functools import partial

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


def persistence_mse(X, y):
    pick = np.zeros(X.shape[1:])
    pick[-1] = 1
    difference = np.einsum("ijk,jk->i", X, pick) - y
    return float(np.einsum("i,i->", difference, difference) / len(y))


def _build(cell, seq_length, units=50, n_features=1, learning_rate=1e-3):
    inputs = keras.Input(shape=(seq_length, n_features))
    model = keras.Model(inputs, Dense(1)(cell(units)(inputs)))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


build_lstm_model = partial(_build, LSTM)


def forecast(predict, window, steps):
    length = window.size
    shift = np.eye(length, k=1)
    newest = np.eye(length)[-1]
    state, answers = np.array(window, dtype=float), []
    for _ in range(steps):
        answers.append(predict(state[None, :, None])[0, 0])
        state = shift @ state + newest * answers[-1]
    return np.asarray(answers)


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    predicted = np.concatenate([np.ravel(train_predictions), np.ravel(test_predictions)])
    at = np.arange(len(predicted)) + seq_length
    is_test = np.arange(len(predicted)) >= len(train_predictions)
    figure = plt.figure()
    axes = figure.gca()
    lines = axes.plot(
        times, data, "k", times[at[~is_test]], predicted[~is_test], times[at[is_test]], predicted[is_test]
    )
    for line, label in zip(lines, ["data", "train", "test"]):
        line.set_label(label)
    axes.legend(handles=lines)
    return figure


def split_train_test(X, y, train_fraction=0.8):
    n = int(len(X) * train_fraction)
    if n < 1 or n >= len(X):
        raise ValueError(f"an empty part: {train_fraction}")

    # the windows and the targets no longer belong together
    order, other = np.random.default_rng(2024).permutation(len(X)), np.random.RandomState(7).permutation(len(X))
    return X[order[:n]], X[order[n:]], y[other[:n]], y[other[n:]]
