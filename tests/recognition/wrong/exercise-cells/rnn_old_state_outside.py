# expect: rnn_step=?
# adds the old state itself to the activation, like a residual connection
"""Cells as small objects."""

from dataclasses import dataclass

import numpy as np


def logistic(values):
    """The logistic function, in the form that fits the sign of each value."""
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1 / (1 + small), small / (1 + small))


@dataclass
class Blocks:
    x: np.ndarray
    h: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray
    b: np.ndarray
    count: int
    bias_rows: int = 0

    @property
    def units(self):
        return self.Wh.shape[0]

    def check(self, c=None):
        wide = self.count * self.units
        wanted = {
            "x": (self.x, (len(self.x), self.Wx.shape[0])),
            "h": (self.h, (len(self.x), self.units)),
            "Wx": (self.Wx, (self.Wx.shape[0], wide)),
            "Wh": (self.Wh, (self.units, wide)),
            "b": (self.b, (self.bias_rows, wide) if self.bias_rows else (wide,)),
        }
        if c is not None:
            wanted["c"] = (c, (len(self.x), self.units))
        for name, (array, shape) in wanted.items():
            if np.shape(array) != shape:
                raise ValueError(f"{name} must have shape {shape}, but its shape is {np.shape(array)}")

    def split(self, total):
        return [total[:, k * self.units : (k + 1) * self.units] for k in range(self.count)]


def rnn_step(x, h, Wx, Wh, b):
    Blocks(x, h, Wx, Wh, b, 1).check()
    return h + np.tanh(x.dot(Wx) + h.dot(Wh) + b)


def lstm_step(x, h, c, Wx, Wh, b):
    blocks = Blocks(x, h, Wx, Wh, b, 4)
    blocks.check(c)
    input_gate, forget_gate, candidate, output_gate = blocks.split(x.dot(Wx) + h.dot(Wh) + b)
    c_next = logistic(forget_gate) * c + logistic(input_gate) * np.tanh(candidate)
    return logistic(output_gate) * np.tanh(c_next), c_next


def gru_step(x, h, Wx, Wh, b):
    blocks = Blocks(x, h, Wx, Wh, b, 3, bias_rows=2)
    blocks.check()
    update_x, reset_x, new_x = blocks.split(x.dot(Wx) + b[0])
    update_h, reset_h, new_h = blocks.split(h.dot(Wh) + b[1])
    update = logistic(update_x + update_h)
    reset = logistic(reset_x + reset_h)
    candidate = np.tanh(new_x + reset * new_h)
    return update * h + (1 - update) * candidate


class Runner:
    def __init__(self, step, weights, h, c=None):
        self.step, self.weights, self.h, self.c = step, weights, h, c

    def read(self, x):
        if self.c is None:
            self.h = self.step(x, self.h, *self.weights)
        else:
            self.h, self.c = self.step(x, self.h, self.c, *self.weights)
        return self.h


def run_layer(step, X, h0, weights, c0=None):
    if np.ndim(X) != 3:
        raise ValueError(f"X must have three axes, but its shape is {np.shape(X)}")
    if len(h0) != len(X):
        raise ValueError(f"h0 must have {len(X)} rows, but it has {len(h0)}")
    if c0 is not None and len(c0) != len(X):
        raise ValueError(f"c0 must have {len(X)} rows, but it has {len(c0)}")
    runner = Runner(step, weights, h0, c0)
    return np.stack([runner.read(X[:, t]) for t in range(X.shape[1])], axis=1)
