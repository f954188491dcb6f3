# expect: lstm_step=output-without-tanh, run_layer=state-not-carried
"""Each cell is an object; the functions of the exercise are thin."""

from dataclasses import dataclass

import numpy as np


def squash(z):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


@dataclass
class Cell:
    Wx: np.ndarray
    Wh: np.ndarray
    b: np.ndarray
    blocks = 1
    rows = ()

    def check(self, x, *states):
        if x.ndim != 2 or any(s.ndim != 2 for s in states):
            raise ValueError("inputs and states are matrices")
        n, d = x.shape
        u = states[0].shape[1]
        if any(s.shape != (n, u) for s in states):
            raise ValueError(f"states {[s.shape for s in states]} for {n} inputs")
        expected = ((d, self.blocks * u), (u, self.blocks * u), (*self.rows, self.blocks * u))
        found = (self.Wx.shape, self.Wh.shape, self.b.shape)
        if expected != found:
            raise ValueError(f"weights {found}, expected {expected}")
        return u


class Simple(Cell):
    def __call__(self, x, h):
        self.check(x, h)
        return np.tanh(np.dot(x, self.Wx) + np.dot(h, self.Wh) + self.b)


class Long(Cell):
    blocks = 4

    def __call__(self, x, h, c):
        u = self.check(x, h, c)
        total = (np.dot(x, self.Wx) + np.dot(h, self.Wh) + self.b).reshape(-1, 4, u)
        write, keep, show = squash(total[:, 0]), squash(total[:, 1]), squash(total[:, 3])
        memory = keep * c + write * np.tanh(total[:, 2])
        return show * memory, memory


class Gated(Cell):
    blocks, rows = 3, (2,)

    def __call__(self, x, h):
        u = self.check(x, h)
        outer = np.dot(x, self.Wx) + self.b[0]
        inner = np.dot(h, self.Wh) + self.b[1]
        update = squash((outer + inner)[:, :u])
        reset = squash((outer + inner)[:, u : 2 * u])
        return update * h + (1 - update) * np.tanh(outer[:, 2 * u :] + reset * inner[:, 2 * u :])


def rnn_step(x, h, Wx, Wh, b):
    return Simple(Wx, Wh, b)(x, h)


def lstm_step(x, h, c, Wx, Wh, b):
    return Long(Wx, Wh, b)(x, h, c)


def gru_step(x, h, Wx, Wh, b):
    return Gated(Wx, Wh, b)(x, h)


def run_layer(step, X, h0, weights, c0=None):
    n, steps, _ = X.shape
    if len(h0) != n or not (c0 is None or len(c0) == n):
        raise ValueError("a row of states is missing")

    def states():
        h, c = h0, c0
        for t in range(steps):
            if c is None:
                yield step(X[:, t], h, *weights)
            else:
                yield step(X[:, t], h, c, *weights)[0]

    return np.concatenate([h[:, np.newaxis] for h in states()], axis=1)
