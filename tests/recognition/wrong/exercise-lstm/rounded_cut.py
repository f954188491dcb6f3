# expect: split_train_test=rounds-the-cut
"""
Solution to the LSTM exercise.

This module implements the following helper functions:
  * create_sequences   - sliding windows
  * split_train_test   - chronological split
  * persistence_mse    - naive baseline
  * build_lstm_model   - Keras model factory
  * forecast           - autoregressive multi-step forecasting
  * plot_forecast      - visualisation
"""
from __future__ import annotations

import keras
import matplotlib.pyplot as plt
import numpy as np


def create_sequences(data: np.ndarray, seq_length: int) -> tuple[np.ndarray, np.ndarray]:
    """Convert a 1-D series to supervised-learning samples.

    Args:
        data: Array of shape ``(N,)``.
        seq_length: Number of time steps in each input window.

    Returns:
        A tuple ``(X, y)`` with shapes ``(N - L, L, 1)`` and ``(N - L,)``.

    Raises:
        ValueError: If the inputs are invalid.
    """
    # Step 1: Convert the input to a float array (this also makes a copy)
    data = np.array(data, dtype=np.float64, copy=True)

    # Step 2: Validate the inputs
    if data.ndim != 1:
        raise ValueError(f"`data` must be 1-D, but got shape {data.shape}.")
    if np.isnan(data).any():
        raise ValueError("`data` must not contain NaN values.")
    if seq_length < 1:
        raise ValueError(f"`seq_length` must be >= 1, but got {seq_length}.")
    if seq_length >= len(data):
        raise ValueError(
            f"`seq_length` ({seq_length}) must be smaller than the number of values ({len(data)})."
        )

    # Step 3: Pre-allocate the outputs
    num_samples = len(data) - seq_length
    X = np.empty((num_samples, seq_length, 1), dtype=np.float64)
    y = np.empty((num_samples,), dtype=np.float64)

    # Step 4: Fill in the windows and the targets
    for idx in range(num_samples):
        X[idx, :, 0] = data[idx : idx + seq_length]
        y[idx] = data[idx + seq_length]

    return X, y


def split_train_test(X: np.ndarray, y: np.ndarray, train_fraction: float = 0.8):
    """Split the samples chronologically (no shuffling, to avoid data leakage)."""
    num_samples = len(X)
    split_index = round(num_samples * train_fraction)

    # Make sure that neither part is empty
    if split_index <= 0 or split_index >= num_samples:
        raise ValueError(
            f"`train_fraction`={train_fraction} would leave an empty part ({num_samples} samples)."
        )

    X_train, X_test = X[:split_index], X[split_index:]
    y_train, y_test = y[:split_index], y[split_index:]
    return X_train, X_test, y_train, y_test


def persistence_mse(X: np.ndarray, y: np.ndarray) -> float:
    """Compute the MSE of the persistence baseline."""
    # The last time step of each window is the prediction
    predictions = X[:, -1, 0]
    # Both arrays have shape (n,), so there is no accidental broadcasting
    assert predictions.shape == np.shape(y)
    return float(np.mean((np.asarray(y) - predictions) ** 2))


def build_lstm_model(
    seq_length: int, units: int = 50, n_features: int = 1, learning_rate: float = 1e-3
) -> keras.Model:
    """Build and compile the LSTM model."""
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(seq_length, n_features)),
            keras.layers.LSTM(
                units,
                activation="tanh",
                recurrent_activation="sigmoid",
                use_bias=True,
                return_sequences=False,
            ),
            keras.layers.Dense(1, activation=None),
        ]
    )
    optimizer = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=optimizer, loss="mean_squared_error", metrics=["mae", "mse"])
    return model


def forecast(predict, window: np.ndarray, steps: int) -> np.ndarray:
    """Autoregressively forecast ``steps`` values."""
    # Work on a float copy so that the caller's window is untouched
    current_window = np.array(window, dtype=np.float64)
    predictions = []

    for _ in range(steps):
        # Reshape to (batch, time steps, features)
        model_input = current_window.copy().reshape(1, current_window.shape[0], 1)
        next_value = float(np.asarray(predict(model_input))[0, 0])
        predictions.append(next_value)
        # Slide the window
        current_window = np.roll(current_window, -1)
        current_window[-1] = next_value

    return np.array(predictions, dtype=np.float64)


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    """Plot the actual series together with the predictions."""
    # Flatten, because Keras returns arrays of shape (n, 1)
    train_predictions = np.asarray(train_predictions).reshape(-1)
    test_predictions = np.asarray(test_predictions).reshape(-1)

    # Compute the indices of the predicted values
    train_start = seq_length
    train_end = train_start + len(train_predictions)
    test_end = train_end + len(test_predictions)

    fig, ax = plt.subplots(figsize=(12, 6))
    ax.plot(times, data, label="Actual Data", alpha=0.7)
    ax.plot(times[train_start:train_end], train_predictions, label="Train Predictions")
    ax.plot(times[train_end:test_end], test_predictions, label="Test Predictions")
    ax.set(title="LSTM Sine Wave Prediction", xlabel="Time", ylabel="Amplitude")
    ax.grid(True)
    ax.legend()
    fig.tight_layout()
    return fig
