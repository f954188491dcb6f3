# expect: rnn_step=rnn-shapes-unchecked, run_layer=first-state-counted
import functools
import inspect

import numpy as np

EXPECTED = {
    1: {"Wx": "D U", "Wh": "U U", "b": "U", "h": "B U", "x": "B D"},
    4: {"Wx": "D 4U", "Wh": "U 4U", "b": "4U", "h": "B U", "c": "B U", "x": "B D"},
    3: {"Wx": "D 3U", "Wh": "U 3U", "b": "2 3U", "h": "B U", "x": "B D"},
}


def shaped(blocks):
    def decorate(function):
        @functools.wraps(function)
        def checked(*args, **kwargs):
            given = inspect.signature(function).bind(*args, **kwargs).arguments
            if given["x"].ndim != 2 or given["h"].ndim != 2:
                raise ValueError("x and h have two axes")
            known = {"B": given["x"].shape[0], "D": given["x"].shape[1], "U": given["h"].shape[1], "2": 2}
            known[f"{blocks}U"] = blocks * known["U"]
            for name, axes in EXPECTED[blocks].items():
                if given[name].shape != tuple(known[axis] for axis in axes.split()):
                    raise ValueError(f"{name} has shape {given[name].shape}, not ({axes})")
            return function(*args, **kwargs)

        return checked

    return decorate


def σ(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def rnn_step(x, h, Wx, Wh, b):
    return np.tanh(b + np.matmul(h, Wh) + np.matmul(x, Wx))


@shaped(4)
def lstm_step(x, h, c, Wx, Wh, b):
    i, f, ĉ, o = np.hsplit(x @ Wx + h @ Wh + b, 4)
    c = np.add(σ(f) * c, σ(i) * np.tanh(ĉ))
    return [σ(o) * np.tanh(c), c]


@shaped(3)
def gru_step(x, h, Wx, Wh, b):
    b_in, b_rec = b
    z, r, ĥ = (x @ W + v for W, v in zip(np.hsplit(Wx, 3), np.split(b_in, 3)))
    dz, dr, dh = (h @ W + v for W, v in zip(np.hsplit(Wh, 3), np.split(b_rec, 3)))
    z, r = σ(z + dz), σ(r + dr)
    return (1 - z) * np.tanh(ĥ + r * dh) + z * h


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(X.shape)
    if len(h0) != len(X):
        raise ValueError(h0.shape)
    if c0 is not None:
        if len(c0) != len(X):
            raise ValueError(c0.shape)
        return _with_memory(step, X, h0, c0, weights)
    H = [h0]
    for x in X.transpose(1, 0, 2):
        H.append(step(x, H[-1], *weights))
    return np.stack(H, axis=1)


def _with_memory(step, X, h, c, weights):
    H = np.zeros((X.shape[0], X.shape[1] + 1, h.shape[1]))
    H[:, 0] = h
    for t in range(X.shape[1]):
        H[:, t + 1, :], c = (h, c) = step(X[:, t, :], h, c, *weights)
    return H
