# expect: split_train_test=?, plot_forecast=one-time-early
import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=np.float64)
    problems = [(data.ndim != 1, f'data has the shape {data.shape}'), (np.isnan(data).any(), 'data contains NaN'), (seq_length < 1, f'seq_length is {seq_length}'), (data.size <= seq_length, f'seq_length is {seq_length}, but there are only {data.size} values')]
    for wrong, message in problems:
        if wrong:
            raise ValueError(message)
    columns = [data[k:data.size - seq_length + k] for k in range(seq_length)]
    return (np.stack(columns, axis=1).reshape(-1, seq_length, 1), data[seq_length:].copy())


def split_train_test(X, y, train_fraction=0.8):
    n = len(y)
    n_train = int(n * train_fraction)
    assert 0 < n_train < n, train_fraction
    return (X[:n_train], X[n_train:], y[:n_train], y[n_train:])


def persistence_mse(X, y):
    return float(np.average([(window[-1, 0] - target) ** 2 for window, target in zip(X, y)]))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=0.001):
    x = inp = keras.Input((seq_length, n_features))
    x = keras.layers.LSTM(units)(x)
    x = keras.layers.Dense(1)(x)
    net = keras.Model(inputs=inp, outputs=x)
    net.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss='mse')
    return net


def forecast(predict, window, steps):
    if steps == 0:
        return np.array([])
    window = np.asarray(window, dtype=float)
    nxt = np.ravel(predict(window.reshape(1, -1, 1).copy()))[:1]
    return np.concatenate([nxt, forecast(predict, np.concatenate([window[1:], nxt]), steps - 1)])


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    fig, ax = plt.subplots(figsize=(12, 6))

    def draw(begin, values, label):
        values = np.ravel(values)
        end = begin + len(values)
        ax.plot(times[begin:end], values, label=label)
        return end
    draw(0, data, 'data')
    draw(draw(seq_length - 1, train_predictions, 'training'), test_predictions, 'test')
    ax.legend()
    return fig
