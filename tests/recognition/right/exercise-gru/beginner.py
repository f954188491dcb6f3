import keras
import matplotlib.pyplot as plt
import numpy as np

# my solution, second try


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind == "rnn":
        model = keras.Sequential([
            keras.Input(shape=(seq_length, n_features)),
            keras.layers.SimpleRNN(units),
            keras.layers.Dense(1),
        ])
    elif kind == "lstm":
        model = keras.Sequential([
            keras.Input(shape=(seq_length, n_features)),
            keras.layers.LSTM(units),
            keras.layers.Dense(1),
        ])
    elif kind == "gru":
        model = keras.Sequential([
            keras.Input(shape=(seq_length, n_features)),
            keras.layers.GRU(units),
            keras.layers.Dense(1),
        ])
    else:
        raise ValueError("wrong kind: " + str(kind))
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=opt, loss="mse")
    # model.summary()
    return model


def count_params(kind, units, n_features, reset_after=True):
    if kind == "rnn":
        n = units * n_features + units * units + units
    elif kind == "lstm":
        n = 4 * (units * n_features + units * units + units)
    elif kind == "gru" and reset_after == True:
        n = 3 * (units * n_features + units * units + 2 * units)
    elif kind == "gru" and reset_after == False:
        n = 3 * (units * n_features + units * units + units)
    else:
        raise ValueError("wrong kind: " + str(kind))
    return n


def match_units(kind, budget, n_features):
    all_that_fit = []
    u = 1
    while count_params(kind, u, n_features) <= budget:
        all_that_fit.append(u)
        u = u + 1
    if len(all_that_fit) == 0:
        raise ValueError("budget too small: " + str(budget))
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
            test_list.append(float(e2))
        # print(name, train_list, test_list)
        p = builders[name](seeds[0]).count_params()
        results[name] = {}
        results[name]["train_mse"] = train_list
        results[name]["test_mse"] = test_list
        results[name]["params"] = int(p)
    return results


# the rest of the program is given


def sine_windows(seq_length):
    """Return X_train, X_test, y_train, y_test: windows and targets of a sine wave, split at 80%."""
    data = np.sin(np.linspace(0, 10, 100))
    X = np.lib.stride_tricks.sliding_window_view(data, seq_length)[:-1, :, np.newaxis]
    y = data[seq_length:]
    n_train = int(len(X) * 0.8)
    return X[:n_train], X[n_train:], y[:n_train], y[n_train:]


def plot_losses(histories):
    """Plot the training and validation losses side by side. histories: name -> history.history."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6), sharey=True)
    for name, history in histories.items():
        left.plot(history["loss"], label=f"{name}, training")
        right.plot(history["val_loss"], label=f"{name}, validation")
    for axes in (left, right):
        axes.set(xlabel="Epochs", ylabel="Loss (MSE)", yscale="log")
        axes.legend()
    figure.suptitle("Loss Comparison Between RNN Architectures")
    return figure


def main():
    """Train three cells on one wave, under the same conditions, and compare them."""
    seq_length, units, epochs, seeds = 10, 50, 30, (1, 2, 3)
    kinds = ("rnn", "lstm", "gru")
    data = X_train, X_test, y_train, y_test = sine_windows(seq_length)

    def builder(kind):
        def build(seed):
            keras.utils.set_random_seed(seed)
            return build_model(kind, seq_length, units)

        return build

    builders = {kind: builder(kind) for kind in kinds}
    print(f"training {len(kinds)} x {len(seeds)} models for {epochs} epochs each")
    results = compare(builders, data, epochs, seeds)
    print("kind   recurrent   all weights   test MSE: mean ± SD")
    for kind, result in results.items():
        errors = result["test_mse"]
        print(
            f"{kind:5}{count_params(kind, units, 1):11,}{result['params']:14,}   "
            f"{np.mean(errors):.1e} ± {np.std(errors):.1e}"
        )
    persistence = np.mean((X_test[:, -1, 0] - y_test) ** 2)
    print(f"repeating the last value:        {persistence:.1e}")

    budget = 2_000
    matched = ", ".join(f"{kind} {match_units(kind, budget, 1)}" for kind in kinds)
    print(f"units for at most {budget:,} weights in the recurrent layer: {matched}")

    # one run shows how a model learns; to see which model is best takes several
    histories = {}
    for kind in kinds:
        history = builders[kind](seeds[0]).fit(
            X_train, y_train, epochs=epochs, batch_size=16, validation_split=0.2, verbose=0
        )
        histories[kind] = history.history
    figure = plot_losses(histories)
    figure.savefig("exercise_gru.png")
    plt.close(figure)
    print("plot saved as exercise_gru.png")


if __name__ == "__main__":
    main()
