"""numpy is trusted to refuse shapes that do not fit."""

import numpy as np


def gru_step(x, h, Wx, Wh, b):
    units = h.shape[-1]
    from_x, from_h = x @ Wx + b[0], h @ Wh + b[1]
    z = sigmoid(from_x[..., :units] + from_h[..., :units])
    r = sigmoid(from_x[..., units : 2 * units] + from_h[..., units : 2 * units])
    g = np.tanh(from_x[..., 2 * units :] + r * from_h[..., 2 * units :])
    return z * h + (1 - z) * g
