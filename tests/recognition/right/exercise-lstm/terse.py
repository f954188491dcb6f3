import numpy as np, keras, matplotlib.pyplot as plt
from numpy.lib.stride_tricks import sliding_window_view as swv

def create_sequences(data, seq_length):
    d = np.array(data, dtype=float)
    if d.ndim != 1: raise ValueError(f"data.ndim = {d.ndim}, not 1")
    if np.isnan(d).any(): raise ValueError(f"nan at {np.flatnonzero(np.isnan(d))}")
    if not 1 <= seq_length < d.size: raise ValueError(f"seq_length {seq_length} not in 1..{d.size - 1}")
    return swv(d, seq_length)[:-1, :, None].copy(), d[seq_length:].copy()

def split_train_test(X, y, train_fraction=0.8):
    k = int(len(X) * train_fraction)
    if not 0 < k < len(X): raise ValueError(f"bad train_fraction {train_fraction}")
    return X[:k], X[k:], y[:k], y[k:]

def persistence_mse(X, y): return float(((y - X[:, -1, 0]) ** 2).mean())

def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    m = keras.Sequential([keras.Input((seq_length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)])
    m.compile(keras.optimizers.Adam(learning_rate), "mse")
    return m

def forecast(predict, window, steps):
    w = [float(v) for v in window]
    L = len(w)
    for _ in range(steps): w.append(float(predict(np.array(w[-L:])[None, :, None])[0, 0]))
    return np.array(w[L:])

def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    a, b = (np.asarray(p).reshape(-1) for p in (train_predictions, test_predictions))
    t = times[seq_length:]
    fig, ax = plt.subplots()
    for x, v, l in [(times, data, "data"), (t[:len(a)], a, "train"), (t[len(a):len(a) + len(b)], b, "test")]: ax.plot(x, v, label=l)
    ax.legend()
    return fig
