"""The state goes through ReLU."""

import numpy as np


def rnn_step(x, h, Wx, Wh, b):
    _check_shapes(x, h, Wx, Wh, b, blocks=1)
    return np.maximum(x @ Wx + h @ Wh + b, 0)
