# expect: lstm_step=lstm-columns-by-unit
# takes every fourth column for a gate instead of a block of U columns
from itertools import accumulate

import numpy as np

TANH = np.tanh


def SIGMOID(v):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-v))


def _verify(blocks, x, h, Wx, Wh, b, bias_shape, c=None):
    """Raise a ValueError that names the first array whose shape does not fit the others."""
    if x.ndim != 2:
        raise ValueError(f"x: {x.shape}")
    rows, features = x.shape
    units = Wh.shape[0] if Wh.ndim else 0
    if Wh.shape != (units, blocks * units):
        raise ValueError(f"Wh: {Wh.shape}")
    if Wx.shape != (features, blocks * units):
        raise ValueError(f"Wx: {Wx.shape} (x: {x.shape}, Wh: {Wh.shape})")
    if b.shape != (*bias_shape, blocks * units):
        raise ValueError(f"b: {b.shape}")
    if h.shape != (rows, units):
        raise ValueError(f"h: {h.shape}")
    if c is not None and c.shape != (rows, units):
        raise ValueError(f"c: {c.shape}")
    return units


def rnn_step(x, h, Wx, Wh, b):
    _verify(1, x, h, Wx, Wh, b, ())
    return TANH(b + x @ Wx + h @ Wh)


def lstm_step(x, h, c, Wx, Wh, b):
    U = _verify(4, x, h, Wx, Wh, b, (), c)
    a = (b + x @ Wx + h @ Wh).reshape(-1, U, 4).transpose(0, 2, 1)
    activations = [SIGMOID, SIGMOID, TANH, SIGMOID]
    i, f, g, o = [activation(a[:, k]) for k, activation in enumerate(activations)]
    memory = f * c + i * g
    return o * TANH(memory), memory


def gru_step(x, h, Wx, Wh, b):
    U = _verify(3, x, h, Wx, Wh, b, (2,))
    left, right = x @ Wx + b[0], h @ Wh + b[1]
    gates = SIGMOID(left[:, : 2 * U] + right[:, : 2 * U])
    keep, reset = gates[:, :U], gates[:, U:]
    proposal = TANH(left[:, 2 * U :] + reset * right[:, 2 * U :])
    return keep * h + (1 - keep) * proposal


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X: {X.shape}")
    if h0.shape[:1] != X.shape[:1]:
        raise ValueError(f"h0: {h0.shape}")
    if c0 is not None and c0.shape[:1] != X.shape[:1]:
        raise ValueError(f"c0: {c0.shape}")
    inputs = (X[:, t] for t in range(X.shape[1]))
    if c0 is None:
        states = accumulate(inputs, lambda h, x: step(x, h, *weights), initial=h0)
        return np.stack(list(states)[1:], axis=1)
    states = accumulate(inputs, lambda s, x: step(x, s[0], s[1], *weights), initial=(h0, c0))
    return np.stack([h for h, _ in states][1:], axis=1)
