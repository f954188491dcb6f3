# expect: lstm_step=?
# limits the argument of the sigmoid to -5..5, so that gates never open or close fully
"""Over-careful: copies, dtype conversions and checks everywhere."""

import numpy as np


def _as_float(name, value, ndim):
    array = np.array(value, dtype=np.float64, copy=True)
    if array.ndim != ndim:
        raise ValueError(f"{name} should have {ndim} axes, but has shape {array.shape}")
    return array


def _require(name, array, shape):
    if array.shape != shape:
        raise ValueError(f"{name} should have shape {shape}, but has shape {array.shape}")


def _sigmoid(z):
    z = np.clip(z, -700.0, 700.0)
    return 1.0 / (1.0 + np.exp(-z))


def rnn_step(x, h, Wx, Wh, b):
    x, h = _as_float("x", x, 2), _as_float("h", h, 2)
    Wx, Wh, b = _as_float("Wx", Wx, 2), _as_float("Wh", Wh, 2), _as_float("b", b, 1)
    batch, features = x.shape
    units = h.shape[1]
    _require("h", h, (batch, units))
    _require("Wx", Wx, (features, units))
    _require("Wh", Wh, (units, units))
    _require("b", b, (units,))
    h_next = np.tanh(np.matmul(x, Wx) + np.matmul(h, Wh) + b[np.newaxis, :])
    assert h_next.shape == (batch, units)
    return h_next


def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c = _as_float("x", x, 2), _as_float("h", h, 2), _as_float("c", c, 2)
    Wx, Wh, b = _as_float("Wx", Wx, 2), _as_float("Wh", Wh, 2), _as_float("b", b, 1)
    batch, features = x.shape
    units = h.shape[1]
    _require("h", h, (batch, units))
    _require("c", c, (batch, units))
    _require("Wx", Wx, (features, 4 * units))
    _require("Wh", Wh, (units, 4 * units))
    _require("b", b, (4 * units,))
    total = np.matmul(x, Wx) + np.matmul(h, Wh) + b[np.newaxis, :]
    _sigmoid = lambda z: 1.0 / (1.0 + np.exp(-np.clip(z, -5, 5)))
    i = _sigmoid(total[:, 0 * units : 1 * units])
    f = _sigmoid(total[:, 1 * units : 2 * units])
    g = np.tanh(total[:, 2 * units : 3 * units])
    o = _sigmoid(total[:, 3 * units : 4 * units])
    c_next = np.add(np.multiply(f, c), np.multiply(i, g))
    h_next = np.multiply(o, np.tanh(c_next))
    assert h_next.shape == c_next.shape == (batch, units)
    return h_next, c_next


def gru_step(x, h, Wx, Wh, b):
    x, h = _as_float("x", x, 2), _as_float("h", h, 2)
    Wx, Wh, b = _as_float("Wx", Wx, 2), _as_float("Wh", Wh, 2), _as_float("b", b, 2)
    batch, features = x.shape
    units = h.shape[1]
    _require("h", h, (batch, units))
    _require("Wx", Wx, (features, 3 * units))
    _require("Wh", Wh, (units, 3 * units))
    _require("b", b, (2, 3 * units))
    from_x = np.matmul(x, Wx) + b[0:1, :]
    from_h = np.matmul(h, Wh) + b[1:2, :]
    z = _sigmoid(from_x[:, :units] + from_h[:, :units])
    r = _sigmoid(from_x[:, units : 2 * units] + from_h[:, units : 2 * units])
    g = np.tanh(from_x[:, 2 * units :] + r * from_h[:, 2 * units :])
    h_next = z * h + (1.0 - z) * g
    assert h_next.shape == (batch, units)
    return h_next


def run_layer(step, X, h0, weights, c0=None):
    X = _as_float("X", X, 3)
    h = _as_float("h0", h0, 2)
    batch, steps, _ = X.shape
    if h.shape[0] != batch:
        raise ValueError(f"h0 should have {batch} rows, but has shape {h.shape}")
    c = None
    if c0 is not None:
        c = _as_float("c0", c0, 2)
        if c.shape[0] != batch:
            raise ValueError(f"c0 should have {batch} rows, but has shape {c.shape}")
    H = np.full((batch, steps, h.shape[1]), np.nan, dtype=np.float64)
    for t in range(steps):
        x = X[:, t, :].copy()
        if c is None:
            h = step(x, h.copy(), *weights)
        else:
            h, c = step(x, h.copy(), c.copy(), *weights)
        H[:, t, :] = h
    return H
