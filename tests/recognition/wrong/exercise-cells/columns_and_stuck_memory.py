# expect: rnn_step=recurrent-weights-transposed, run_layer=cell-state-not-carried
# every number by itself, without matrix products
import math

import numpy as np


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def check(name, array, shape):
    if np.shape(array) != shape:
        raise ValueError(name + " should have the shape " + str(shape) + ", not " + str(np.shape(array)))


def total(row, column):
    result = 0.0
    for a, b in zip(row, column):
        result += a * b
    return result


def sums(rows, W):
    """Return rows @ W."""
    return [[total(row, W[:, j]) for j in range(W.shape[1])] for row in rows]


def rnn_step(x, h, Wx, Wh, b):
    if len(x.shape) != 2 or len(h.shape) != 2:
        raise ValueError("not a matrix")
    B, D = x.shape
    U = h.shape[1]
    check("h", h, (B, U))
    check("Wx", Wx, (D, U))
    check("Wh", Wh, (U, U))
    check("b", b, (U,))
    p, q = sums(x, Wx), [[total(Wh[k], row) for k in range(U)] for row in h]
    new = np.zeros((B, U))
    for n in range(B):
        for k in range(U):
            new[n, k] = math.tanh(p[n][k] + q[n][k] + b[k])
    return new


def lstm_step(x, h, c, Wx, Wh, b):
    if len(x.shape) != 2 or len(h.shape) != 2:
        raise ValueError("not a matrix")
    B, D = x.shape
    U = h.shape[1]
    check("h", h, (B, U))
    check("c", c, (B, U))
    check("Wx", Wx, (D, 4 * U))
    check("Wh", Wh, (U, 4 * U))
    check("b", b, (4 * U,))
    p, q = sums(x, Wx), sums(h, Wh)
    new_h, new_c = np.zeros((B, U)), np.zeros((B, U))
    for n in range(B):
        for k in range(U):
            i, f, g, o = (p[n][k + m * U] + q[n][k + m * U] + b[k + m * U] for m in range(4))
            new_c[n, k] = sigmoid(f) * c[n, k] + sigmoid(i) * math.tanh(g)
            new_h[n, k] = sigmoid(o) * math.tanh(new_c[n, k])
    return new_h, new_c


def gru_step(x, h, Wx, Wh, b):
    if len(x.shape) != 2 or len(h.shape) != 2:
        raise ValueError("not a matrix")
    B, D = x.shape
    U = h.shape[1]
    check("h", h, (B, U))
    check("Wx", Wx, (D, 3 * U))
    check("Wh", Wh, (U, 3 * U))
    check("b", b, (2, 3 * U))
    p, q = sums(x, Wx), sums(h, Wh)
    new = np.zeros((B, U))
    for n in range(B):
        for k in range(U):
            z = sigmoid(p[n][k] + b[0, k] + q[n][k] + b[1, k])
            r = sigmoid(p[n][U + k] + b[0, U + k] + q[n][U + k] + b[1, U + k])
            g = math.tanh(p[n][2 * U + k] + b[0, 2 * U + k] + r * (q[n][2 * U + k] + b[1, 2 * U + k]))
            new[n, k] = z * h[n, k] + (1 - z) * g
    return new


def run_layer(step, X, h0, weights, c0=None):
    if len(X.shape) != 3:
        raise ValueError("X needs three axes, not " + str(len(X.shape)))
    if h0.shape[0] != X.shape[0]:
        raise ValueError("h0 has " + str(h0.shape[0]) + " rows")
    if c0 is not None and c0.shape[0] != X.shape[0]:
        raise ValueError("c0 has " + str(c0.shape[0]) + " rows")
    all_states = []
    h = h0
    c = c0
    for t in range(X.shape[1]):
        if c is None:
            h = step(X[:, t, :], h, *weights)
        else:
            h, _ = step(X[:, t, :], h, c0, *weights)
        all_states.append(h)
    return np.array(all_states).transpose(1, 0, 2)
