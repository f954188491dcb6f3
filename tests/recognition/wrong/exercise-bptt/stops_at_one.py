# expect: rnn_backward=first-step-missed
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    T = X.shape[0]
    H = np.zeros((T + 1, Wh.shape[0]))
    for t in range(T):
        z = np.dot(X[t], Wx) + np.dot(H[t], Wh) + b
        H[t + 1] = np.tanh(z)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    T = X.shape[0]
    gradWx = np.zeros_like(Wx)
    gradWh = np.zeros_like(Wh)
    gradb = np.zeros(Wh.shape[0])
    gradx = np.zeros((T, X.shape[1]))
    err = dh_T.astype(float)
    t = T - 1
    while t > 0:
        d = err * (1.0 - H[t + 1] * H[t + 1])
        gradb = gradb + d
        gradWx = gradWx + X[t].reshape(-1, 1) * d
        gradWh = gradWh + H[t].reshape(-1, 1) * d
        gradx[t] = Wx.dot(d)
        err = Wh.dot(d)
        t = t - 1
    return {"Wx": gradWx, "Wh": gradWh, "b": gradb, "x": gradx}


def gradient_norms(Wh, H, dh_T):
    n = len(H)
    result = [0.0] * n
    err = dh_T.astype(float)
    for i in range(n - 1, -1, -1):
        result[i] = np.sqrt((err * err).sum())
        err = Wh.dot(err * (1.0 - H[i] * H[i]))
    return np.array(result)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm %s is too small" % max_norm)
    s = 0.0
    for g in grads:
        s = s + (g * g).sum()
    norm = float(s ** 0.5)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * max_norm / norm for g in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError("k %s is too small" % k)
    T = X.shape[0]
    gradWx = np.zeros_like(Wx)
    gradWh = np.zeros_like(Wh)
    gradb = np.zeros(Wh.shape[0])
    gradx = np.zeros((T, X.shape[1]))
    err = dh_T.astype(float)
    done = 0
    for t in range(T - 1, -1, -1):
        if done == k:
            break
        d = err * (1.0 - H[t + 1] * H[t + 1])
        gradb = gradb + d
        gradWx = gradWx + X[t].reshape(-1, 1) * d
        gradWh = gradWh + H[t].reshape(-1, 1) * d
        gradx[t] = Wx.dot(d)
        err = Wh.dot(d)
        done = done + 1
    return {"Wx": gradWx, "Wh": gradWh, "b": gradb, "x": gradx}
