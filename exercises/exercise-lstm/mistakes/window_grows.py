"""Predictions are appended, but nothing is dropped."""

import numpy as np


def forecast(predict, window, steps):
    window = np.array(window, dtype=np.float64)
    values = []
    for _ in range(steps):
        value = float(predict(window.reshape(1, len(window), 1))[0, 0])
        values.append(value)
        window = np.append(window, value)
    return np.array(values)
