"""The first row of b is added to what comes from h, the second to what comes from x."""

import numpy as np


def gru_step(x, h, Wx, Wh, b):
    _check_shapes(x, h, Wx, Wh, b, blocks=3, bias_rows=2)
    from_x = np.split(x @ Wx + b[1], 3, axis=1)
    from_h = np.split(h @ Wh + b[0], 3, axis=1)
    z = sigmoid(from_x[0] + from_h[0])
    r = sigmoid(from_x[1] + from_h[1])
    g = np.tanh(from_x[2] + r * from_h[2])
    return z * h + (1 - z) * g
