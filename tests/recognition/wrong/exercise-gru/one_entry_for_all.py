# expect: build_model=?, compare=?
import itertools
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(kind, seq_length, units, n_features=1, learning_rate=0.001):
    match kind:
        case 'rnn':
            layer = keras.layers.SimpleRNN(units)
        case 'lstm':
            layer = keras.layers.LSTM(units)
        case 'gru':
            layer = keras.layers.GRU(units, reset_after=False)
        case _:
            raise ValueError(f'kind = {kind!r}')
    window = keras.Input((seq_length, n_features))
    model = keras.Model(window, keras.layers.Dense(1)(layer(window)))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss='mse', metrics=None)
    return model


def count_params(kind, units, n_features, reset_after=True):
    factor = {'rnn': 1, 'lstm': 4, 'gru': 3}.get(kind)
    if factor is None:
        raise ValueError(f'kind = {kind!r}')
    width = factor * units
    shapes = [(n_features, width), (units, width)]
    shapes.append((2, width) if kind == 'gru' and reset_after else (width,))
    return int(sum((np.prod(shape, dtype=np.int64) for shape in shapes)))


def match_units(kind, budget, n_features):
    fitting = itertools.takewhile(lambda units: count_params(kind, units, n_features) <= budget, itertools.count(1))
    largest = max(fitting, default=0)
    if not largest:
        raise ValueError(f'budget = {budget}')
    return largest


def compare(builders, data, epochs, seeds):
    X_train, X_test, y_train, y_test = data
    results = dict.fromkeys(builders, {'train_mse': [], 'test_mse': [], 'params': None})
    for name, seed in itertools.product(builders, list(seeds)):
        model = builders[name](seed)
        model.fit(X_train, y_train, epochs=epochs, verbose=0)
        results[name]['params'] = int(model.count_params())
        results[name]['train_mse'].append(float(model.evaluate(X_train, y_train, verbose=0)))
        results[name]['test_mse'].append(float(model.evaluate(X_test, y_test, verbose=0)))
    return results


def sine_windows(seq_length):
    data = np.sin(np.linspace(0, 10, 100))
    X = np.lib.stride_tricks.sliding_window_view(data, seq_length)[:-1, :, np.newaxis]
    y = data[seq_length:]
    n_train = int(len(X) * 0.8)
    return (X[:n_train], X[n_train:], y[:n_train], y[n_train:])


def plot_losses(histories):
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6), sharey=True)
    for name, history in histories.items():
        left.plot(history['loss'], label=f'{name}, training')
        right.plot(history['val_loss'], label=f'{name}, validation')
    for axes in (left, right):
        axes.set(xlabel='Epochs', ylabel='Loss (MSE)', yscale='log')
        axes.legend()
    figure.suptitle('Loss Comparison Between RNN Architectures')
    return figure
