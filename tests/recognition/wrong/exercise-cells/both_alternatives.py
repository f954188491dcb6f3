# expect: lstm_step=lstm-sigmoid-overflows, gru_step=gru-sigmoid-overflows
import numpy as np


def logistic(z):
    """Choose the form by the sign, each for its own numbers only."""
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def fits(**shapes):
    for name, (array, *wanted) in shapes.items():
        if array.ndim != len(wanted) or list(array.shape) != wanted:
            raise ValueError(f"{name}: {array.shape} is not {tuple(wanted)}")


def sizes(x, h):
    try:
        (n, d), (_, u) = x.shape, h.shape
    except ValueError:
        raise ValueError(f"x {x.shape}, h {h.shape}") from None
    return n, d, u


def rnn_step(x, h, Wx, Wh, b):
    n, d, u = sizes(x, h)
    fits(h=(h, n, u), Wx=(Wx, d, u), Wh=(Wh, u, u), b=(b, u))
    return np.tanh(np.einsum("nd,du->nu", x, Wx) + np.einsum("nv,vu->nu", h, Wh) + b)


def lstm_step(x, h, c, Wx, Wh, b):
    n, d, u = sizes(x, h)
    fits(h=(h, n, u), c=(c, n, u), Wx=(Wx, d, 4 * u), Wh=(Wh, u, 4 * u), b=(b, 4 * u))
    z = np.einsum("nd,dgu->gnu", x, Wx.reshape(d, 4, u)) + np.einsum("nv,vgu->gnu", h, Wh.reshape(u, 4, u))
    z += b.reshape(4, 1, u)
    gates = logistic(z)
    c = gates[1] * c + gates[0] * np.tanh(z[2])
    return gates[3] * np.tanh(c), c


def gru_step(x, h, Wx, Wh, b):
    n, d, u = sizes(x, h)
    fits(h=(h, n, u), Wx=(Wx, d, 3 * u), Wh=(Wh, u, 3 * u), b=(b, 2, 3 * u))
    a = np.einsum("nd,dgu->gnu", x, Wx.reshape(d, 3, u)) + b[0].reshape(3, 1, u)
    k = np.einsum("nv,vgu->gnu", h, Wh.reshape(u, 3, u)) + b[1].reshape(3, 1, u)
    z, r = logistic(a[:2] + k[:2])
    return z * h + (1 - z) * np.tanh(a[2] + r * k[2])


def run_layer(step, X, h0, weights, c0=None):
    from functools import reduce

    if X.ndim != 3 or any(s is not None and s.shape[:1] != X.shape[:1] for s in (h0, c0)):
        raise ValueError(f"X {X.shape}, h0 {h0.shape}")

    def one(states, x):
        new = step(x, *states[-1], *weights)
        return [*states, new if isinstance(new, (tuple, list)) else (new,)]

    start = [(h0,)] if c0 is None else [(h0, c0)]
    states = reduce(one, X.swapaxes(0, 1), start)
    return np.stack([state[0] for state in states[1:]], 1)
