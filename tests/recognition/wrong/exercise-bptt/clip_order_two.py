# expect: clip_by_global_norm=spectral-norms-of-matrices
# takes the largest singular value of a matrix
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    T = len(X)
    H = np.zeros((T + 1, len(b)))
    for t in range(1, T + 1):
        H[t] = np.tanh(X[t - 1] @ Wx + H[t - 1] @ Wh + b)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    dWx = np.zeros(Wx.shape)
    dWh = np.zeros(Wh.shape)
    db = np.zeros(len(Wh))
    dx = np.zeros(X.shape)
    dh = dh_T
    for t in range(len(X), 0, -1):
        delta = dh * (1 - H[t] ** 2)
        dWx += np.outer(X[t - 1], delta)
        dWh += np.outer(H[t - 1], delta)
        db += delta
        dx[t - 1] = delta @ Wx.T
        dh = delta @ Wh.T
    return {"Wx": dWx, "Wh": dWh, "b": db, "x": dx}


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H))
    dh = dh_T
    norms[-1] = np.linalg.norm(dh)
    for t in range(len(H) - 1, 0, -1):
        dh = (dh * (1 - H[t] ** 2)) @ Wh.T
        norms[t - 1] = np.linalg.norm(dh)
    return norms


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm is {max_norm}")
    norm = float(np.linalg.norm([np.linalg.norm(g, ord=2) for g in grads]))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [g * factor for g in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k is {k}")
    first = max(len(X) - k, 0)
    grads = rnn_backward(X[first:], H[first:], Wx, Wh, dh_T)
    dx = np.zeros(X.shape)
    dx[first:] = grads["x"]
    grads["x"] = dx
    return grads
