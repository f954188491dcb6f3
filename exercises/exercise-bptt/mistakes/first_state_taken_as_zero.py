"""The first step contributes nothing to Wh, as if the state before it were zero."""

import numpy as np


def rnn_backward(X, H, Wx, Wh, dh_T):
    T, U = len(X), len(Wh)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros((U, U)), np.zeros(U)
    dx = np.zeros(X.shape)
    dh = dh_T
    for t in range(T, 0, -1):
        da = dh * (1 - H[t] ** 2)
        dWx += np.outer(X[t - 1], da)
        if t > 1:
            dWh += np.outer(H[t - 1], da)
        db += da
        dx[t - 1] = da @ Wx.T
        dh = da @ Wh.T
    return {"Wx": dWx, "Wh": dWh, "b": db, "x": dx}
