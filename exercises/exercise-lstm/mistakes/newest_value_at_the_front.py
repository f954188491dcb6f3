"""Each prediction enters the window at the front, where the oldest value belongs."""

import numpy as np


def forecast(predict, window, steps):
    window = np.array(window, dtype=np.float64)
    values = []
    for _ in range(steps):
        value = float(predict(window.reshape(1, -1, 1))[0, 0])
        values.append(value)
        window = np.append(value, window[:-1])
    return np.array(values)
