# expect: run_layer=?
# relation: run_layer=raised
# the result is as wide as the inputs
import numpy as np

s = lambda a: (1 + np.tanh(a / 2)) / 2


def ok(x, h, Wx, Wh, b, k, bias=(), *more):
    n, u = len(x), Wh.shape[0]
    for a, q in zip((x, h, Wx, Wh, b, *more), ((n, Wx.shape[0]), (n, u), (Wx.shape[0], k * u), (u, k * u), (*bias, k * u), (n, u))):
        if a.shape != q:
            raise ValueError(f"{a.shape} is not {q}")


def rnn_step(x, h, Wx, Wh, b):
    ok(x, h, Wx, Wh, b, 1)
    return np.tanh(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b)


def lstm_step(x, h, c, Wx, Wh, b):
    ok(x, h, Wx, Wh, b, 4, (), c)
    i, f, g, o = np.hsplit(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b, 4)
    return s(o) * np.tanh(k := s(f) * c + s(i) * np.tanh(g)), k


def gru_step(x, h, Wx, Wh, b):
    ok(x, h, Wx, Wh, b, 3, (2,))
    (p, q, v), (P, Q, V) = np.hsplit(x @ Wx + b[0], 3), np.hsplit(h @ Wh + b[1], 3)
    z = s(p + P)
    return z * h + (1 - z) * np.tanh(v + s(q + Q) * V)


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3 or any(a is not None and len(a) != len(X) for a in (h0, c0)):
        raise ValueError(f"X {X.shape}, h0 {h0.shape}, c0 {None if c0 is None else c0.shape}")
    H, h, c = np.zeros_like(X), h0, c0
    for t, x in enumerate(X.swapaxes(0, 1)):
        if c0 is None:
            h = step(x, h, *weights)
        else:
            h, c = step(x, h, c, *weights)
        H[:, t] = h
    return H
