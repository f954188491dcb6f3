"""Everything spelled out with indices, as on paper."""
import math

import numpy as np


def rnn_forward(X, Wx, Wh, b):
    steps, features = X.shape
    units = len(b)
    H = np.zeros((steps + 1, units))
    for t in range(steps):
        for j in range(units):
            total = b[j]
            for i in range(features):
                total += X[t, i] * Wx[i, j]
            for i in range(units):
                total += H[t, i] * Wh[i, j]
            H[t + 1, j] = math.tanh(total)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    return truncated(X, H, Wx, Wh, dh_T, len(X))


def gradient_norms(Wh, H, dh_T):
    units = len(Wh)
    error = [float(e) for e in dh_T]
    norms = [math.sqrt(sum(e * e for e in error))]
    t = len(H) - 1
    while t > 0:
        inner = [error[j] * (1 - H[t][j] ** 2) for j in range(units)]
        error = [sum(Wh[i][j] * inner[j] for j in range(units)) for i in range(units)]
        norms.insert(0, math.sqrt(sum(e * e for e in error)))
        t -= 1
    return np.array(norms)


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"the limit should be positive, not {max_norm}")
    squares = 0.0
    for array in grads:
        for number in array.flat:
            squares += float(number) ** 2
    norm = math.sqrt(squares)
    if norm <= max_norm:
        return [array.copy() for array in grads], norm
    return [array * max_norm / norm for array in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k should be at least 1, not {k}")
    steps, features = X.shape
    units = len(Wh)
    gWx = np.zeros((features, units))
    gWh = np.zeros((units, units))
    gb = np.zeros(units)
    gx = np.zeros((steps, features))
    error = [float(e) for e in dh_T]
    for t in range(steps - 1, max(steps - k, 0) - 1, -1):
        inner = [error[j] * (1 - H[t + 1, j] ** 2) for j in range(units)]
        for j in range(units):
            gb[j] += inner[j]
            for i in range(features):
                gWx[i, j] += X[t, i] * inner[j]
                gx[t, i] += Wx[i, j] * inner[j]
            for i in range(units):
                gWh[i, j] += H[t, i] * inner[j]
        error = [sum(Wh[i, j] * inner[j] for j in range(units)) for i in range(units)]
    return {"b": gb, "x": gx, "Wh": gWh, "Wx": gWx}
