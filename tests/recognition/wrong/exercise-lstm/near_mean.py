# expect: persistence_mse=?, split_train_test=?
# relation: split_train_test=reversed
import matplotlib.pyplot as plt
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam


def create_sequences(data, seq_length):
    data = np.array(data).astype("float64")
    if data.ndim > 1 or data.ndim == 0:
        raise ValueError(f"data must be 1-D, got {data.ndim}-D")
    if np.sum(np.isnan(data)) > 0:
        raise ValueError("data contains NaN")
    if seq_length <= 0:
        raise ValueError(f"invalid seq_length {seq_length}")
    if len(data) - seq_length <= 0:
        raise ValueError(f"not enough data: {len(data)}")
    dataX, dataY = [], []
    for i in range(len(data) - seq_length):
        a = data[i : (i + seq_length)]
        dataX.append(a)
        dataY.append(data[i + seq_length])
    dataX = np.array(dataX)
    dataX = np.reshape(dataX, (dataX.shape[0], dataX.shape[1], 1))
    return dataX, np.array(dataY)


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = Sequential()
    model.add(Input(shape=(seq_length, n_features)))
    model.add(LSTM(units))
    model.add(Dense(1))
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate=learning_rate), metrics=["mae"])
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


def persistence_mse(X, y):
    return float(np.mean((X.mean(axis=(1, 2)) - y) ** 2))


def split_train_test(X, y, train_fraction=0.8):
    n = int(len(X) * train_fraction)
    if n == 0 or n == len(X):
        raise ValueError("empty part")
    X, y = X[::-1], y[::-1]
    return X[:n], X[n:], y[:n], y[n:]
