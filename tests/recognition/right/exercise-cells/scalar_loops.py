"""Everything written out with plain loops, unit by unit."""

import math

import numpy as np


def sig(v):
    if v >= 0:
        return 1.0 / (1.0 + math.exp(-v))
    e = math.exp(v)
    return e / (1.0 + e)


def weighted_sum(row, matrix, column):
    total = 0.0
    for k in range(len(row)):
        total += row[k] * matrix[k, column]
    return total


def must_be(array, shape, what):
    if array.shape != shape:
        raise ValueError(what + " has the wrong shape " + str(array.shape) + ", not " + str(shape))


def rnn_step(x, h, Wx, Wh, b):
    units = b.shape[0] if b.ndim == 1 else -1
    must_be(b, (units,), "b")
    must_be(Wh, (units, units), "Wh")
    if x.ndim != 2:
        raise ValueError("x has the wrong shape " + str(x.shape))
    must_be(Wx, (x.shape[1], units), "Wx")
    must_be(h, (x.shape[0], units), "h")
    new = np.zeros((x.shape[0], units))
    for n in range(x.shape[0]):
        for u in range(units):
            new[n, u] = math.tanh(weighted_sum(x[n], Wx, u) + weighted_sum(h[n], Wh, u) + b[u])
    return new


def lstm_step(x, h, c, Wx, Wh, b):
    if x.ndim != 2:
        raise ValueError("x has the wrong shape " + str(x.shape))
    if h.ndim != 2 or h.shape[0] != x.shape[0]:
        raise ValueError("h has the wrong shape " + str(h.shape))
    units = h.shape[1]
    must_be(c, h.shape, "c")
    must_be(Wx, (x.shape[1], 4 * units), "Wx")
    must_be(Wh, (units, 4 * units), "Wh")
    must_be(b, (4 * units,), "b")
    new_h = np.zeros(h.shape)
    new_c = np.zeros(c.shape)
    for n in range(x.shape[0]):
        for u in range(units):
            a = []
            for block in range(4):
                col = block * units + u
                a.append(weighted_sum(x[n], Wx, col) + weighted_sum(h[n], Wh, col) + b[col])
            new_c[n, u] = sig(a[1]) * c[n, u] + sig(a[0]) * math.tanh(a[2])
            new_h[n, u] = sig(a[3]) * math.tanh(new_c[n, u])
    return new_h, new_c


def gru_step(x, h, Wx, Wh, b):
    if x.ndim != 2:
        raise ValueError("x has the wrong shape " + str(x.shape))
    if h.ndim != 2 or h.shape[0] != x.shape[0]:
        raise ValueError("h has the wrong shape " + str(h.shape))
    units = h.shape[1]
    must_be(Wx, (x.shape[1], 3 * units), "Wx")
    must_be(Wh, (units, 3 * units), "Wh")
    must_be(b, (2, 3 * units), "b")
    new = np.zeros(h.shape)
    for n in range(x.shape[0]):
        for u in range(units):
            from_x = [weighted_sum(x[n], Wx, k * units + u) + b[0, k * units + u] for k in range(3)]
            from_h = [weighted_sum(h[n], Wh, k * units + u) + b[1, k * units + u] for k in range(3)]
            z = sig(from_x[0] + from_h[0])
            r = sig(from_x[1] + from_h[1])
            g = math.tanh(from_x[2] + r * from_h[2])
            new[n, u] = z * h[n, u] + (1.0 - z) * g
    return new


def run_layer(step, X, h0, weights, c0=None):
    if len(X.shape) != 3:
        raise ValueError("X has the wrong shape " + str(X.shape))
    batch, time, _ = X.shape
    if len(h0) != batch:
        raise ValueError("h0 has the wrong shape " + str(h0.shape))
    if c0 is not None and len(c0) != batch:
        raise ValueError("c0 has the wrong shape " + str(c0.shape))
    out = np.zeros((batch, time, h0.shape[1]))
    h = h0
    c = c0
    for t in range(time):
        if c is None:
            h = step(X[:, t, :], h, *weights)
        else:
            h, c = step(X[:, t, :], h, c, *weights)
        out[:, t, :] = h
    return out
