# expect: create_sequences=?, forecast=?
# relation: create_sequences=belongs_later

import numpy as np
from keras import Input, Model
from keras.layers import LSTM, Dense
from keras.optimizers import Adam
from matplotlib.figure import Figure
from numpy.lib.stride_tricks import sliding_window_view


def split_train_test(X, y, train_fraction=0.8):
    n = int(len(X) * train_fraction)
    if not (X[:n].size and X[n:].size):
        raise ValueError(f"a part is empty with train_fraction={train_fraction}")
    (X_train, X_test), (y_train, y_test) = (np.split(a, [n]) for a in (X, y))
    return X_train, X_test, y_train, y_test


def persistence_mse(X, y):
    error = X[:, -1].ravel() - y
    return error @ error / len(error)


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    window = Input((seq_length, n_features), name="window")
    following = Dense(1, name="following")(LSTM(units, name="memory")(window))
    model = Model(window, following)
    model.compile(Adam(learning_rate), "mse")
    return model


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    figure = Figure(figsize=(10, 4))
    axes = figure.add_subplot()
    _, before, after = np.split(times, [seq_length, seq_length + len(train_predictions)])
    for x, values, label in (
        (times, data, "sine"),
        (before, train_predictions, "seen in training"),
        (after, test_predictions, "not seen"),
    ):
        axes.plot(x, values, label=label)
    figure.legend()
    return figure


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=float)
    if data.ndim != 1 or np.isnan(data).any() or seq_length < 1 or len(data) <= seq_length:
        raise ValueError(f"no windows of {seq_length} in {data.shape}")

    rows = sliding_window_view(data, seq_length)[:-1]
    return rows[..., None], np.append(data[seq_length + 1 :], data[-1])


def forecast(predict, window, steps):
    window, out = np.array(window, dtype=float), []
    for _ in range(steps):
        out.append(predict(window[None, :, None])[0, 0])
        window = np.append(window[:-1], out[-1])
    return np.array(out)
