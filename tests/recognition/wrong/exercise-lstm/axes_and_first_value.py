# expect: create_sequences=axes-swapped, persistence_mse=first-value-repeated
import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    data = np.asarray(data)
    if data.ndim != 1:
        raise ValueError(f'data must be one-dimensional, but its shape is {data.shape}')
    if np.isnan(data).any():
        raise ValueError('data contains nan')
    if seq_length < 1:
        raise ValueError(f'seq_length must be at least 1, got {seq_length}')
    if len(data) <= seq_length:
        raise ValueError(f'seq_length={seq_length} is too long for {len(data)} values')
    X = []
    y = []
    for i in range(len(data) - seq_length):
        X.append(data[i:i + seq_length])
        y.append(data[i + seq_length])
    X = np.array(X, dtype=np.float64)
    return (X.reshape(X.shape[0], 1, seq_length), np.array(y))


def split_train_test(X, y, train_fraction=0.8):
    n = len(X)
    cut = int(n * train_fraction)
    if cut < 1 or cut >= n:
        raise ValueError(f'train_fraction={train_fraction} leaves an empty part of {n} windows')
    return (X[:cut], X[cut:], y[:cut], y[cut:])


def persistence_mse(X, y):
    last = X[:, 0, 0]
    return float(np.mean((last - y) ** 2))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=0.001):
    model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss='mse')
    return model


def forecast(predict, window, steps):
    current = np.array(window, dtype=float)
    values = []
    for _ in range(steps):
        guess = predict(current.reshape(1, -1, 1))[0, 0]
        values.append(guess)
        current = np.append(current[1:], guess)
    return np.array(values)


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train = len(train_predictions)
    n_test = len(test_predictions)
    figure, axes = plt.subplots(figsize=(12, 6))
    axes.plot(times, data, label='actual')
    start = seq_length
    axes.plot(times[start:start + n_train], np.ravel(train_predictions), label='train prediction')
    start += n_train
    axes.plot(times[start:start + n_test], np.ravel(test_predictions), label='test prediction')
    axes.set_title('LSTM Sine Wave Prediction')
    axes.legend()
    return figure
