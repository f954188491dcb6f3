# expect: compare=?, match_units=?
# relation: match_units=argument_ignored
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(kind, seq_length, units, n_features=1, learning_rate=0.001):
    if kind == 'rnn':
        model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), keras.layers.SimpleRNN(units), keras.layers.Dense(1)])
    elif kind == 'lstm':
        model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)])
    elif kind == 'gru':
        model = keras.Sequential([keras.Input(shape=(seq_length, n_features)), keras.layers.GRU(units), keras.layers.Dense(1)])
    else:
        raise ValueError('wrong kind: ' + str(kind))
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=opt, loss='mse')
    return model


def count_params(kind, units, n_features, reset_after=True):
    if kind == 'rnn':
        n = units * n_features + units * units + units
    elif kind == 'lstm':
        n = 4 * (units * n_features + units * units + units)
    elif kind == 'gru' and reset_after == True:
        n = 3 * (units * n_features + units * units + 2 * units)
    elif kind == 'gru' and reset_after == False:
        n = 3 * (units * n_features + units * units + units)
    else:
        raise ValueError('wrong kind: ' + str(kind))
    return n


def match_units(kind, budget, n_features):
    all_that_fit = []
    u = 1
    while count_params(kind, u, 1) <= budget:
        all_that_fit.append(u)
        u = u + 1
    if len(all_that_fit) == 0:
        raise ValueError('budget too small: ' + str(budget))
    return all_that_fit[-1]


def compare(builders, data, epochs, seeds):
    X_train = data[0]
    X_test = data[1]
    y_train = data[2]
    y_test = data[3]
    seeds = list(seeds)
    results = {}
    for name in builders:
        train_list = []
        test_list = []
        for i in range(len(seeds)):
            model = builders[name](seeds[i])
            model.fit(X_train, y_train, epochs=epochs, batch_size=16, verbose=0)
            e1 = model.evaluate(X_train, y_train, verbose=0)
            e2 = model.evaluate(X_test, y_test, verbose=0)
            train_list.append(float(e1))
            train_list = [float(np.mean(train_list))]
            test_list.append(float(e2))
        p = builders[name](seeds[0]).count_params()
        results[name] = {}
        results[name]['train_mse'] = train_list
        results[name]['test_mse'] = test_list
        results[name]['params'] = int(p)
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
