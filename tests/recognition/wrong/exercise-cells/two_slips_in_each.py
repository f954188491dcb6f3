# expect: lstm_step=?, gru_step=?
"""Input and state are joined, so that each cell needs a single matrix product."""

import numpy as np


def sig(a):
    return np.exp(-np.logaddexp(0, -a))


def must(condition, what):
    if not condition:
        raise ValueError(what)


def both(x, h, Wx, Wh):
    must(x.ndim == h.ndim == Wx.ndim == Wh.ndim == 2, f"{x.shape} {h.shape} {Wx.shape} {Wh.shape}")
    must(len(x) == len(h), f"{len(x)} inputs, {len(h)} states")
    must(x.shape[1] == len(Wx) and h.shape[1] == len(Wh), f"{Wx.shape} {Wh.shape}")


def rnn_step(x, h, Wx, Wh, b):
    both(x, h, Wx, Wh)
    u = h.shape[1]
    must(Wx.shape[1] == Wh.shape[1] == u and b.shape == (u,), f"{Wx.shape} {Wh.shape} {b.shape}")
    return np.tanh(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b)


def lstm_step(x, h, c, Wx, Wh, b):
    both(x, h, Wx, Wh)
    u = h.shape[1]
    must(Wx.shape[1] == Wh.shape[1] == 4 * u, f"{Wx.shape} {Wh.shape}")
    must(b.shape == (4 * u,) and c.shape == h.shape, f"{b.shape} {c.shape}")
    a = np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b
    new_c = sig(a[:, :u]) * c + sig(a[:, u : 2 * u]) * np.tanh(a[:, 2 * u : 3 * u])
    return sig(a[:, 3 * u :]) * new_c, new_c


def gru_step(x, h, Wx, Wh, b):
    both(x, h, Wx, Wh)
    u = h.shape[1]
    must(Wx.shape[1] == Wh.shape[1] == 3 * u and b.shape == (2, 3 * u), f"{Wx.shape} {Wh.shape} {b.shape}")
    ones = np.ones((len(x), 1))
    one = np.hstack([x, ones]) @ np.vstack([Wx, b[:1]])
    two = h @ Wh
    zr = sig(one[:, : 2 * u] + two[:, : 2 * u])
    z, r = zr[:, :u], zr[:, u:]
    g = np.tanh(one[:, 2 * u :] + r * two[:, 2 * u :])
    return h + z * (g - h)


def run_layer(step, X, h0, weights, c0=None):
    must(X.ndim == 3, f"X has shape {X.shape}")
    must(h0.shape[0] == X.shape[0], f"h0 has shape {h0.shape}")
    must(c0 is None or c0.shape[0] == X.shape[0], "c0 does not fit")
    H = np.empty((X.shape[0], X.shape[1], h0.shape[1]))
    state = (h0,) if c0 is None else (h0, c0)
    for t, x in enumerate(np.moveaxis(X, 1, 0)):
        result = step(x, *state, *weights)
        state = (result,) if c0 is None else result
        H[:, t] = state[0]
    return H
