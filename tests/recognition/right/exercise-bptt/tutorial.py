# Backprop through time, following the CS231n notes
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    T, D = X.shape
    U = Wh.shape[0]
    hs = {}
    hs[-1] = np.zeros((1, U))
    for t in range(T):
        x = X[t].reshape(1, D)
        hs[t] = np.tanh(np.dot(x, Wx) + np.dot(hs[t - 1], Wh) + b)
    H = np.concatenate([hs[t] for t in range(-1, T)], axis=0)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    T, D = X.shape
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(Wh[0])
    dx = np.zeros((T, D))
    dhnext = np.array(dh_T, dtype=float).reshape(1, -1)
    for t in reversed(range(T)):
        h = H[t + 1].reshape(1, -1)
        hprev = H[t].reshape(1, -1)
        x = X[t].reshape(1, -1)
        dhraw = (1 - h * h) * dhnext  # backprop through tanh nonlinearity
        db += dhraw[0]
        dWx += np.dot(x.T, dhraw)
        dWh += np.dot(hprev.T, dhraw)
        dx[t] = np.dot(dhraw, Wx.T)[0]
        dhnext = np.dot(dhraw, Wh.T)
    return {"Wx": dWx, "Wh": dWh, "b": db, "x": dx}


def gradient_norms(Wh, H, dh_T):
    T = H.shape[0] - 1
    out = np.empty(T + 1)
    d = np.array(dh_T, dtype=float)
    for t in range(T, -1, -1):
        out[t] = np.sqrt(np.dot(d, d))
        d = np.dot((1 - H[t] * H[t]) * d, Wh.T)
    return out


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive, got " + str(max_norm))
    total = 0.0
    for g in grads:
        total += np.sum(np.square(g))
    total_norm = np.sqrt(total)
    if total_norm > max_norm:
        scale = max_norm / total_norm
    else:
        scale = 1.0
    result = []
    for g in grads:
        result.append(g * scale)
    return result, total_norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError("k must be at least 1, got " + str(k))
    T, D = X.shape
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(Wh[0])
    dx = np.zeros((T, D))
    dhnext = np.array(dh_T, dtype=float)
    steps = 0
    t = T - 1
    while t >= 0 and steps < k:
        dhraw = (1 - H[t + 1] ** 2) * dhnext
        db += dhraw
        dWx += np.outer(X[t], dhraw)
        dWh += np.outer(H[t], dhraw)
        dx[t] = np.dot(Wx, dhraw)
        dhnext = np.dot(Wh, dhraw)
        t -= 1
        steps += 1
    return dict(Wx=dWx, Wh=dWh, b=db, x=dx)
