import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def rnn_step(x, h, Wx, Wh, b):
    B, D = x.shape
    U = Wh.shape[0]
    if h.shape != (B, U):
        raise ValueError(f"h has shape {h.shape}")
    if Wx.shape != (D, U):
        raise ValueError(f"Wx has shape {Wx.shape}")
    if Wh.shape != (U, U):
        raise ValueError(f"Wh has shape {Wh.shape}")
    if b.shape != (U,):
        raise ValueError(f"b has shape {b.shape}")
    return np.tanh(x @ Wx + h @ Wh + b)


def lstm_step(x, h, c, Wx, Wh, b):
    B, D = x.shape
    U = Wh.shape[0]
    if h.shape != (B, U):
        raise ValueError(f"h has shape {h.shape}")
    if c.shape != (B, U):
        raise ValueError(f"c has shape {c.shape}")
    if Wx.shape != (D, 4 * U):
        raise ValueError(f"Wx has shape {Wx.shape}")
    if Wh.shape != (U, 4 * U):
        raise ValueError(f"Wh has shape {Wh.shape}")
    if b.shape != (4 * U,):
        raise ValueError(f"b has shape {b.shape}")
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h_next = sigmoid(o) * np.tanh(c_next)
    return h_next, c_next


def gru_step(x, h, Wx, Wh, b):
    B, D = x.shape
    U = Wh.shape[0]
    if h.shape != (B, U):
        raise ValueError(f"h has shape {h.shape}")
    if Wx.shape != (D, 3 * U):
        raise ValueError(f"Wx has shape {Wx.shape}")
    if Wh.shape != (U, 3 * U):
        raise ValueError(f"Wh has shape {Wh.shape}")
    if b.shape != (2, 3 * U):
        raise ValueError(f"b has shape {b.shape}")
    xz, xr, xg = np.split(x @ Wx + b[0], 3, axis=1)
    hz, hr, hg = np.split(h @ Wh + b[1], 3, axis=1)
    z = sigmoid(xz + hz)
    r = sigmoid(xr + hr)
    g = np.tanh(xg + r * hg)
    return z * h + (1 - z) * g


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if h0.shape[0] != X.shape[0]:
        raise ValueError(f"h0 has shape {h0.shape}")
    if c0 is not None and c0.shape[0] != X.shape[0]:
        raise ValueError(f"c0 has shape {c0.shape}")
    h, c = h0, c0
    H = []
    for t in range(X.shape[1]):
        if c0 is None:
            h = step(X[:, t], h, *weights)
        else:
            h, c = step(X[:, t], h, c, *weights)
        H.append(h)
    return np.stack(H, axis=1)
