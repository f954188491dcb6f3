# expect: create_sequences=?
# relation: create_sequences=rescaled
import numpy as np
import matplotlib.pyplot as plt
import keras


def create_sequences(data, seq_length):
    if np.ndim(data) != 1:
        raise ValueError(f'data should be 1-d, has {np.ndim(data)} dimensions: {np.shape(data)}')
    if seq_length < 1:
        raise ValueError(f'seq_length {seq_length} < 1')
    n = len(data) - seq_length
    if n < 1:
        raise ValueError(f'no windows for seq_length {seq_length} and {len(data)} values')
    data = np.asarray(data, dtype=np.float64)
    if np.isnan(data).sum() > 0:
        raise ValueError('data has nan values')
    data = (data - data.min()) / (data.max() - data.min())
    X = np.stack([data[i:i + seq_length] for i in range(n)])[..., np.newaxis]
    y = np.array([data[i + seq_length] for i in range(n)])
    return X, y


def split_train_test(X, y, train_fraction=0.8):
    n_train = int(len(X) * train_fraction)
    parts = X[:n_train], X[n_train:], y[:n_train], y[n_train:]
    if n_train < 1 or len(parts[1]) == 0:
        raise ValueError(f'empty part with train_fraction={train_fraction}')
    return parts

def persistence_mse(X, y):
    prediction = X[:, -1].ravel()
    diff = prediction - y
    return float((diff ** 2).mean())


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(seq_length, n_features)))
    model.add(keras.layers.LSTM(units=units))
    model.add(keras.layers.Dense(units=1))
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=opt, loss='mse')
    return model


def forecast(predict, window, steps):
    w = np.array(window, dtype=float)
    out = np.zeros(steps)
    for k in range(steps):
        p = np.ravel(predict(w[np.newaxis, :, np.newaxis]))[0]
        out[k] = p
        w = np.concatenate([w[1:], [p]])
    return out


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    fig, ax = plt.subplots(1, 1, figsize=(12, 6))
    tr = np.full(len(data), np.nan)
    te = np.full(len(data), np.nan)
    n1 = len(train_predictions)
    n2 = len(test_predictions)
    tr[seq_length:seq_length + n1] = np.ravel(train_predictions)
    te[seq_length + n1:seq_length + n1 + n2] = np.ravel(test_predictions)
    ax.plot(times, data, label='series')
    ax.plot(times, tr, label='train')
    ax.plot(times, te, label='test')
    ax.legend()
    return fig
