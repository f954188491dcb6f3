"""The errors are computed first; then each step overwrites the gradient of the step before it."""

import numpy as np


def rnn_backward(X, H, Wx, Wh, dh_T):
    T = len(X)
    errors = np.zeros((T, len(Wh)))
    dh = dh_T
    for t in range(T, 0, -1):
        errors[t - 1] = dh * (1 - H[t] ** 2)
        dh = errors[t - 1] @ Wh.T
    for x, h, da in zip(X, H, errors, strict=False):
        dWx, dWh, db = np.outer(x, da), np.outer(h, da), da
    return {"Wx": dWx, "Wh": dWh, "b": db, "x": errors @ Wx.T}
