"""The biases are added after the tanh."""

import numpy as np


def rnn_step(x, h, Wx, Wh, b):
    _check_shapes(x, h, Wx, Wh, b, blocks=1)
    return np.tanh(x @ Wx + h @ Wh) + b
