"""The candidate is stored with 1 - f, and the input gate is not used."""

import numpy as np


def lstm_step(x, h, c, Wx, Wh, b):
    _check_shapes(x, h, Wx, Wh, b, blocks=4)
    if c.shape != h.shape:
        raise ValueError(f"c has shape {c.shape}")
    _, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    c = sigmoid(f) * c + (1 - sigmoid(f)) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
