"""numpy is trusted to refuse shapes that do not fit."""

import numpy as np


def rnn_step(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh + b)
