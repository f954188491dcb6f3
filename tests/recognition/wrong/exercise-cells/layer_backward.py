# expect: run_layer=last-step-first
# runs over the steps from the last to the first
# After the formulas of sections 4.2 and 5.2, with column vectors, one weight matrix per gate.
import numpy as np
from numpy import tanh


def sigma(z):
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def check_shape(name, actual, wanted):
    if actual != wanted:
        raise ValueError("%s: %r instead of %r" % (name, actual, wanted))


def blocks(matrix, U):
    """The matrices of the formulas, from the blocks of columns that Keras stores."""
    return [matrix[..., k : k + U].T for k in range(0, matrix.shape[-1], U)]


def rnn_step(x, h, Wx, Wh, b):
    B, D = x.shape
    U = Wx.shape[1]
    check_shape("Wx", Wx.shape, (D, U))
    check_shape("h", h.shape, (B, U))
    check_shape("Wh", Wh.shape, (U, U))
    check_shape("b", b.shape, (U,))
    x_t, h_prev = x.T, h.T
    h_t = tanh(Wx.T @ x_t + Wh.T @ h_prev + b.reshape(U, 1))
    return h_t.T


def lstm_step(x, h, c, Wx, Wh, b):
    B, D = x.shape
    U = Wh.shape[0]
    check_shape("Wx", Wx.shape, (D, 4 * U))
    check_shape("h", h.shape, (B, U))
    check_shape("c", c.shape, (B, U))
    check_shape("Wh", Wh.shape, (U, 4 * U))
    check_shape("b", b.shape, (4 * U,))
    W_i, W_f, W_g, W_o = blocks(Wx, U)
    R_i, R_f, R_g, R_o = blocks(Wh, U)
    b_i, b_f, b_g, b_o = (bias.reshape(U, 1) for bias in blocks(b, U))
    x_t, h_prev, c_prev = x.T, h.T, c.T
    f_t = sigma(W_f @ x_t + R_f @ h_prev + b_f)
    i_t = sigma(W_i @ x_t + R_i @ h_prev + b_i)
    o_t = sigma(W_o @ x_t + R_o @ h_prev + b_o)
    g_t = tanh(W_g @ x_t + R_g @ h_prev + b_g)
    c_t = f_t * c_prev + i_t * g_t
    h_t = o_t * tanh(c_t)
    return h_t.T, c_t.T


def gru_step(x, h, Wx, Wh, b):
    B, D = x.shape
    U = Wh.shape[0]
    check_shape("Wx", Wx.shape, (D, 3 * U))
    check_shape("h", h.shape, (B, U))
    check_shape("Wh", Wh.shape, (U, 3 * U))
    check_shape("b", b.shape, (2, 3 * U))
    W_z, W_r, W_g = blocks(Wx, U)
    R_z, R_r, R_g = blocks(Wh, U)
    b_z, b_r, b_g = (bias.reshape(U, 1) for bias in blocks(b[0], U))
    bb_z, bb_r, bb_g = (bias.reshape(U, 1) for bias in blocks(b[1], U))
    x_t, h_prev = x.T, h.T
    z_t = sigma(W_z @ x_t + b_z + R_z @ h_prev + bb_z)
    r_t = sigma(W_r @ x_t + b_r + R_r @ h_prev + bb_r)
    g_t = tanh(W_g @ x_t + b_g + r_t * (R_g @ h_prev + bb_g))
    h_t = z_t * h_prev + (1 - z_t) * g_t
    return h_t.T


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError("X: %r does not have three axes" % (X.shape,))
    B, T, _ = X.shape
    if h0.shape[0] != B:
        raise ValueError("h0: %r does not have %d rows" % (h0.shape, B))
    if c0 is not None and c0.shape[0] != B:
        raise ValueError("c0: %r does not have %d rows" % (c0.shape, B))
    h, c, H = h0, c0, np.zeros((B, T, h0.shape[1]))
    t = T - 1
    while t >= 0:
        if c0 is None:
            h = step(X[:, t], h, *weights)
        else:
            h, c = step(X[:, t], h, c, *weights)
        H[:, t] = h
        t -= 1
    return H
