# expect: gru_step=biases-added-up, rnn_step=relu-in-the-step
"""A beginner's program: blocks are cut from the weights, and each gate is computed on its own."""

import numpy as np


def gate(x, h, Wx, Wh, b):
    z = x.dot(Wx) + h.dot(Wh) + b
    return (np.tanh(z / 2) + 1) / 2


def check(x, h, Wx, Wh, n):
    if x.ndim != 2:
        raise ValueError("x must have 2 dimensions")
    if h.ndim != 2:
        raise ValueError("h must have 2 dimensions")
    if x.shape[0] != h.shape[0]:
        raise ValueError("x and h must have the same number of rows")
    if Wx.shape != (x.shape[1], n * h.shape[1]):
        raise ValueError("Wx has a wrong shape")
    if Wh.shape != (h.shape[1], n * h.shape[1]):
        raise ValueError("Wh has a wrong shape")


def rnn_step(x, h, Wx, Wh, b):
    check(x, h, Wx, Wh, 1)
    if b.shape != (h.shape[1],):
        raise ValueError("b has a wrong shape")
    h_new = x.dot(Wx) + h.dot(Wh) + b
    h_new[h_new < 0] = 0
    return h_new


def lstm_step(x, h, c, Wx, Wh, b):
    check(x, h, Wx, Wh, 4)
    U = h.shape[1]
    if b.shape != (4 * U,):
        raise ValueError("b has a wrong shape")
    if c.shape != h.shape:
        raise ValueError("c has a wrong shape")
    i = gate(x, h, Wx[:, 0:U], Wh[:, 0:U], b[0:U])
    f = gate(x, h, Wx[:, U : 2 * U], Wh[:, U : 2 * U], b[U : 2 * U])
    c_candidate = np.tanh(x.dot(Wx[:, 2 * U : 3 * U]) + h.dot(Wh[:, 2 * U : 3 * U]) + b[2 * U : 3 * U])
    o = gate(x, h, Wx[:, 3 * U : 4 * U], Wh[:, 3 * U : 4 * U], b[3 * U : 4 * U])
    c_new = f * c + i * c_candidate
    h_new = o * np.tanh(c_new)
    return h_new, c_new


def gru_step(x, h, Wx, Wh, b):
    check(x, h, Wx, Wh, 3)
    U = h.shape[1]
    if b.shape != (2, 3 * U):
        raise ValueError("b has a wrong shape")
    both = b[0] + b[1]
    z = gate(x, h, Wx[:, 0:U], Wh[:, 0:U], both[0:U])
    r = gate(x, h, Wx[:, U : 2 * U], Wh[:, U : 2 * U], both[U : 2 * U])
    candidate = np.tanh(x.dot(Wx[:, 2 * U :]) + r * h.dot(Wh[:, 2 * U :]) + both[2 * U :])
    h_new = z * h + candidate - z * candidate
    return h_new


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError("X must have 3 dimensions")
    B = X.shape[0]
    T = X.shape[1]
    if h0.shape[0] != B:
        raise ValueError("h0 has a wrong number of rows")
    H = np.zeros((B, T, h0.shape[1]))
    h = h0.copy()
    if c0 is None:
        for t in range(T):
            h = step(X[:, t, :], h, *weights)
            H[:, t, :] = h
    else:
        if c0.shape[0] != B:
            raise ValueError("c0 has a wrong number of rows")
        c = c0.copy()
        for t in range(T):
            h, c = step(X[:, t, :], h, c, *weights)
            H[:, t, :] = h
    return H
