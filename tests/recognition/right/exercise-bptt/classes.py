import numpy as np


class Cell:
    """One simple RNN cell that remembers nothing itself."""

    def __init__(self, Wx, Wh, b=None):
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def step(self, x, h):
        return np.tanh(x.dot(self.Wx) + h.dot(self.Wh) + self.b)

    def back(self, h, dh):
        """From the gradient at h to those at the sum, at the input and at the old state."""
        da = dh * (1.0 - np.power(h, 2))
        return da, self.Wx.dot(da) if self.Wx is not None else None, self.Wh.dot(da)


class Tally:
    def __init__(self, X, Wx, Wh):
        self.grads = {
            "Wx": np.zeros(Wx.shape),
            "Wh": np.zeros(Wh.shape),
            "b": np.zeros(Wh.shape[1]),
            "x": np.zeros(X.shape, dtype=np.float64),
        }

    def add(self, t, x, h_old, da, dx):
        self.grads["Wx"] += x[:, None] * da[None, :]
        self.grads["Wh"] += h_old[:, None] * da[None, :]
        self.grads["b"] += da
        self.grads["x"][t] = dx


def rnn_forward(X, Wx, Wh, b):
    cell = Cell(Wx, Wh, b)
    states = [np.zeros(Wh.shape[0])]
    for x in X:
        states.append(cell.step(x, states[-1]))
    return np.vstack(states)


def _run_back(X, H, Wx, Wh, dh_T, stop):
    cell, tally, dh = Cell(Wx, Wh), Tally(X, Wx, Wh), dh_T
    for t in range(len(X) - 1, stop - 1, -1):
        da, dx, dh = cell.back(H[t + 1], dh)
        tally.add(t, X[t], H[t], da, dx)
    return tally.grads


def rnn_backward(X, H, Wx, Wh, dh_T):
    return _run_back(X, H, Wx, Wh, dh_T, 0)


def truncated(X, H, Wx, Wh, dh_T, k):
    if k <= 0:
        raise ValueError("k = %r" % k)
    return _run_back(X, H, Wx, Wh, dh_T, max(0, len(X) - k))


def gradient_norms(Wh, H, dh_T):
    cell, dh = Cell(None, Wh), dh_T
    found = [np.linalg.norm(dh)]
    for h in H[:0:-1]:
        _, _, dh = cell.back(h, dh)
        found.append(np.linalg.norm(dh))
    found.reverse()
    return np.asarray(found, dtype=np.float64)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm = %r" % max_norm)
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return list(map(lambda g: factor * g, grads)), float(norm)
