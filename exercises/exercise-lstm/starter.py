"""Forecasting a sine wave with an LSTM. Fill in the six functions; their docstrings state the contracts.

Check your work with:  course check exercise-lstm
Run the whole program: python exercise_lstm.py
"""

import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data, seq_length):
    """Cut a series into overlapping windows, each paired with the value that follows it.

    data: shape (N,).  Returns (X, y), with L = seq_length:
        X: shape (N - L, L, 1), float64
        y: shape (N - L,)
    Raises ValueError if data is not one-dimensional or contains NaN, if seq_length is
    less than 1, or if there would be no windows.
    """
    raise NotImplementedError("create_sequences")


def split_train_test(X, y, train_fraction=0.8):
    """Split windows and targets into an earlier part for training and a later part for testing.

    With n windows, the first int(n * train_fraction) are for training. The order is kept.
    Returns (X_train, X_test, y_train, y_test).
    Raises ValueError if either part would be empty, as for a fraction above 1.
    """
    raise NotImplementedError("split_train_test")


def persistence_mse(X, y):
    """Return the mean squared error of forecasting each window's last value, as a float.

    X: shape (n, L, 1).  y: shape (n,).
    """
    raise NotImplementedError("persistence_mse")


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    """Build and compile a model: Input, one LSTM layer (tanh), one Dense layer with one linear output.

    The optimizer is Adam with the given learning rate. The loss is the mean squared error.
    """
    raise NotImplementedError("build_lstm_model")


def forecast(predict, window, steps):
    """Forecast the next `steps` values by feeding each prediction back in.

    predict: takes shape (1, L, 1), returns shape (1, 1).  window: shape (L,), latest value last.
    Returns shape (steps,).
    """
    raise NotImplementedError("forecast")


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    """Plot the series and both sets of predictions: three labeled lines and a legend.

    times, data: shape (N,).  The predictions have shape (n,) or (n, 1) and belong to the windows
    of create_sequences, in the same order: first the training part, then the test part.
    Returns a matplotlib Figure.
    """
    raise NotImplementedError("plot_forecast")


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
