"""Every prediction is made from the same window."""

import numpy as np


def forecast(predict, window, steps):
    window = np.array(window, dtype=np.float64)
    values = []
    for _ in range(steps):
        value = float(predict(window.reshape(1, len(window), 1))[0, 0])
        values.append(value)
    return np.array(values)
