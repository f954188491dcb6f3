# expect: create_sequences=no-feature-axis+target-one-early, build_lstm_model=relu-output+ignores-learning-rate
import matplotlib.pyplot as plt
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=float)
    if data.ndim != 1 or np.isnan(data).any():
        raise ValueError("data is not a series of numbers")
    if seq_length < 1 or len(data) <= seq_length:
        raise ValueError(f"bad seq_length {seq_length}")
    X, Y = [], []
    for i in range(len(data) - seq_length):
        X.append(data[i : i + seq_length])
        Y.append(data[i + seq_length - 1])
    return np.array(X), np.array(Y)


def split_train_test(X, y, train_fraction=0.8):
    train_size = int(len(X) * train_fraction)
    test_size = len(X) - train_size
    if train_size < 1 or test_size < 1:
        raise ValueError(f"bad train_fraction {train_fraction}")
    trainX, testX = X[0:train_size], X[train_size : len(X)]
    trainY, testY = y[0:train_size], y[train_size : len(y)]
    return trainX, testX, trainY, testY


def persistence_mse(X, y):
    predicted = X[:, X.shape[1] - 1, 0]
    return np.mean(np.square(np.subtract(predicted, y)))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = Sequential()
    model.add(Input(shape=(seq_length, n_features)))
    model.add(LSTM(units))
    model.add(Dense(1, activation="relu"))
    model.compile(loss="mean_squared_error", optimizer="adam")
    return model


def forecast(predict, window, steps):
    current = np.array(window, dtype="float64")
    out = []
    for i in range(steps):
        x = current.reshape((1, current.shape[0], 1))
        yhat = predict(x)[0, 0]
        out.append(yhat)
        current = np.roll(current, -1)
        current[-1] = yhat
    return np.array(out)


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    # shift train predictions for plotting
    trainPlot = np.full(len(data), np.nan)
    trainPlot[seq_length : seq_length + len(train_predictions)] = train_predictions.flatten()
    # shift test predictions for plotting
    testPlot = np.full(len(data), np.nan)
    testPlot[seq_length + len(train_predictions) :] = test_predictions.flatten()
    plt.figure(figsize=(12, 6))
    plt.plot(times, data, label="data")
    plt.plot(times, trainPlot, label="train")
    plt.plot(times, testPlot, label="test")
    plt.legend()
    return plt.gcf()
