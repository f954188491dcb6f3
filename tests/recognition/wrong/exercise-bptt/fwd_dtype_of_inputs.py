# expect: rnn_forward=?
# gives H the dtype of X, so whole-number inputs truncate all states
"""Loops over units, no matrix products."""

import math

import numpy as np


def rnn_forward(X, Wx, Wh, b):
    T, D = X.shape
    U = b.shape[0]
    H = np.zeros((T + 1, U), dtype=X.dtype)
    for t in range(T):
        for j in range(U):
            total = b[j]
            for d in range(D):
                total += X[t, d] * Wx[d, j]
            for i in range(U):
                total += H[t, i] * Wh[i, j]
            H[t + 1, j] = math.tanh(total)
    return H


def one_step_back(dh, h):
    return [dh[j] * (1 - h[j] * h[j]) for j in range(len(dh))]


def through_weights(delta, W):
    result = []
    for i in range(W.shape[0]):
        total = 0.0
        for j in range(W.shape[1]):
            total += delta[j] * W[i, j]
        result.append(total)
    return result


def rnn_backward(X, H, Wx, Wh, dh_T):
    T, D = X.shape
    U = Wh.shape[0]
    g = {
        "Wx": np.zeros((D, U)),
        "Wh": np.zeros((U, U)),
        "b": np.zeros(U),
        "x": np.zeros((T, D)),
    }
    dh = list(dh_T)
    for t in reversed(range(T)):
        delta = one_step_back(dh, H[t + 1])
        for j in range(U):
            g["b"][j] += delta[j]
            for d in range(D):
                g["Wx"][d, j] += X[t, d] * delta[j]
            for i in range(U):
                g["Wh"][i, j] += H[t, i] * delta[j]
        g["x"][t, :] = through_weights(delta, Wx)
        dh = through_weights(delta, Wh)
    return g


def gradient_norms(Wh, H, dh_T):
    result = []
    dh = list(dh_T)
    for t in range(H.shape[0] - 1, -1, -1):
        result.insert(0, math.sqrt(sum(e * e for e in dh)))
        if t > 0:
            dh = through_weights(one_step_back(dh, H[t]), Wh)
    return np.array(result)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive, got " + str(max_norm))
    squares = 0.0
    for grad in grads:
        for number in grad.ravel():
            squares += float(number) ** 2
    norm = math.sqrt(squares)
    clipped = []
    for grad in grads:
        if norm > max_norm:
            clipped.append(grad / norm * max_norm)
        else:
            clipped.append(grad.copy())
    return clipped, norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError("k must be at least 1, got " + str(k))
    T, D = X.shape
    U = Wh.shape[0]
    g = {
        "Wx": np.zeros((D, U)),
        "Wh": np.zeros((U, U)),
        "b": np.zeros(U),
        "x": np.zeros((T, D)),
    }
    dh = list(dh_T)
    steps_done = 0
    t = T - 1
    while t >= 0 and steps_done < k:
        delta = one_step_back(dh, H[t + 1])
        for j in range(U):
            g["b"][j] += delta[j]
            for d in range(D):
                g["Wx"][d, j] += X[t, d] * delta[j]
            for i in range(U):
                g["Wh"][i, j] += H[t, i] * delta[j]
        g["x"][t, :] = through_weights(delta, Wx)
        dh = through_weights(delta, Wh)
        t -= 1
        steps_done += 1
    return g
