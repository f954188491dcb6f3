# expect: forecast=?
"""my solution v3 (final)"""
import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    if len(data.shape) != 1:
        raise ValueError(f'wrong shape {data.shape}')
    if True in np.isnan(data):
        raise ValueError('nan in data!!')
    if seq_length <= 0:
        raise ValueError(f'wrong seq_length {seq_length}')
    how_many = len(data) - seq_length
    if how_many <= 0:
        raise ValueError(f'seq_length {seq_length} too big, data has only {len(data)}')
    i = 0
    X, y = ([], [])
    while i < how_many:
        window = []
        for value in data[i:i + seq_length]:
            window.append([value])
        X.append(window)
        y.append(data[i + seq_length])
        i += 1
    X = np.array(X).astype(np.float64)
    y = np.array(y).astype(np.float64)
    return (X, y)


def split_train_test(X, y, train_fraction=0.8):
    number = int(len(X) * train_fraction)
    if number < 1:
        raise ValueError(f'train part empty, train_fraction {train_fraction}')
    if number > len(X) - 1:
        raise ValueError(f'test part empty, train_fraction {train_fraction}')
    X_train = X[:number]
    y_train = y[:number]
    X_test = X[number:]
    y_test = y[number:]
    return (X_train, X_test, y_train, y_test)


def persistence_mse(X, y):
    preds = []
    for w in X:
        preds.append(w[-1][0])
    preds = np.array(preds)
    mse = np.mean(np.square(preds - y))
    return float(mse)


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=0.001):
    model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss='mse')
    return model


def forecast(predict, window, steps):
    w = window
    answers = []
    for s in range(steps):
        x = np.reshape(w, (1, len(w), 1))
        p = predict(x)
        number = p[0][0]
        answers.append(number)
        w[:-1] = w[1:].copy()
        w[-1] = number
    return np.array(answers)


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    if train_predictions.ndim == 2:
        train_predictions = train_predictions[:, 0]
    if test_predictions.ndim == 2:
        test_predictions = test_predictions[:, 0]
    fig, ax = plt.subplots(figsize=(12, 6))
    ax.plot(times, data, label='real')
    n1 = len(train_predictions)
    n2 = len(test_predictions)
    ax.plot(times[seq_length:seq_length + n1], train_predictions, label='train')
    ax.plot(times[seq_length + n1:seq_length + n1 + n2], test_predictions, label='test')
    ax.set_xlabel('time')
    ax.legend()
    return fig
