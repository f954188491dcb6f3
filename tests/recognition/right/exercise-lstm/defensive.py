import keras
import matplotlib.pyplot as plt
import numpy as np

MSG_EMPTY = "train_fraction = {} would leave one of the parts empty"


def create_sequences(data, seq_length):
    """Cut a series into overlapping windows, each paired with the value that follows it."""
    # over-defensive: also accept lists
    if data is None:
        raise ValueError("data is None")
    if not isinstance(data, np.ndarray):
        data = np.array(data)
    if data.ndim == 0 or data.ndim > 1:
        raise ValueError("data has the wrong number of dimensions: {}".format(data.ndim))
    data = data.astype(np.float64)
    if np.isnan(data).any():
        raise ValueError("data contains {} nan value(s)".format(np.isnan(data).sum()))
    if seq_length < 1:
        raise ValueError("seq_length must be positive, not {}".format(seq_length))
    N = data.shape[0]
    if N - seq_length <= 0:
        raise ValueError("seq_length {} is not smaller than the length {}".format(seq_length, N))
    X = np.concatenate([data[i : i + seq_length].reshape(1, seq_length, 1) for i in range(N - seq_length)])
    y = np.concatenate([data[i : i + 1] for i in range(seq_length, N)])
    assert X.shape == (N - seq_length, seq_length, 1)
    assert y.shape == (N - seq_length,)
    return X, y


def split_train_test(X, y, train_fraction=0.8):
    if len(X) != len(y):
        raise ValueError("{} windows but {} targets".format(len(X), len(y)))
    if not train_fraction > 0 or not train_fraction < 1:
        raise ValueError(MSG_EMPTY.format(train_fraction))
    n_train = int(len(X) * train_fraction)
    if n_train == 0 or n_train == len(X):
        raise ValueError(MSG_EMPTY.format(train_fraction))
    X_train = np.array(X[:n_train])
    X_test = np.array(X[n_train:])
    y_train = np.array(y[:n_train])
    y_test = np.array(y[n_train:])
    return X_train, X_test, y_train, y_test


def persistence_mse(X, y):
    X = np.asarray(X, dtype=np.float64)
    y = np.asarray(y, dtype=np.float64)
    yhat = X[:, -1, 0]
    if yhat.shape != y.shape:
        raise ValueError("shapes differ: {} and {}".format(yhat.shape, y.shape))
    return float(np.sum((yhat - y) ** 2) / len(y))


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    inputs = keras.layers.Input(shape=(int(seq_length), int(n_features)))
    lstm = keras.layers.LSTM(int(units))
    dense = keras.layers.Dense(1)
    model = keras.Model(inputs, dense(lstm(inputs)))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=float(learning_rate)),
        loss=keras.losses.MeanSquaredError(),
    )
    return model


def forecast(predict, window, steps):
    if steps < 1:
        raise ValueError("steps must be at least 1, not {}".format(steps))
    x = np.array(window, dtype=np.float64)
    L = x.shape[0]
    results = np.full((steps,), np.nan)
    for s in range(steps):
        answer = np.asarray(predict(x.reshape((1, L, 1)).copy()))
        assert answer.shape == (1, 1), answer.shape
        results[s] = answer[0, 0]
        x[:-1] = x[1:].copy()
        x[-1] = results[s]
    return results


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    train_predictions = np.array(train_predictions, dtype=float).reshape(-1)
    test_predictions = np.array(test_predictions, dtype=float).reshape(-1)
    i0 = seq_length
    i1 = i0 + train_predictions.shape[0]
    i2 = i1 + test_predictions.shape[0]
    figure, axes = plt.subplots()
    axes.plot(times, data, "k-", label="data")
    axes.plot(times[i0:i1], train_predictions, "b-", label="predictions (train)")
    axes.plot(times[i1:i2], test_predictions, "r-", label="predictions (test)")
    axes.legend(loc="best")
    plt.close(figure)
    return figure


def main():
    """Run the lesson's program: train on the first 80% of the windows of a sine wave, predict the rest."""
    keras.utils.set_random_seed(8)
    times = np.linspace(0, 10, 100)
    data = np.sin(times)
    seq_length = 10

    X, y = create_sequences(data, seq_length)
    X_train, X_test, y_train, y_test = split_train_test(X, y)
    model = build_lstm_model(seq_length)
    model.fit(X_train, y_train, epochs=50, batch_size=16, validation_split=0.2, verbose=2)

    print(f"test MSE, repeating the last value: {persistence_mse(X_test, y_test):.2e}")
    print(f"test MSE, LSTM:                     {model.evaluate(X_test, y_test, verbose=0):.2e}")
    figure = plot_forecast(
        times, data, seq_length, model.predict(X_train, verbose=0), model.predict(X_test, verbose=0)
    )
    figure.savefig("exercise_lstm.png")
    print("plot saved as exercise_lstm.png")

    # One step ahead from true values is easy. Feeding predictions back shows what the model learned.
    def predict(window, verbose=0):
        return model.predict(window, verbose=verbose)

    rollout = forecast(predict, data[-seq_length:], 20)
    print("the next 20 values:", np.round(rollout, 2))
    plt.close(figure)


if __name__ == "__main__":
    main()
