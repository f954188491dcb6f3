import numpy as np
from functools import reduce

def rnn_forward(X, Wx, Wh, b):
    return np.array(reduce(lambda hs, x: hs + [np.tanh(x @ Wx + hs[-1] @ Wh + b)], X, [0.0 * b]))

def deltas(H, Wh, d):
    out = []
    for h in H[:0:-1]: out.append(d * (1 - h * h)); d = Wh @ out[-1]
    return np.array(out[::-1])

def rnn_backward(X, H, Wx, Wh, dh_T):
    A = deltas(H, Wh, dh_T)
    return dict(Wx=X.T @ A, Wh=H[:-1].T @ A, b=A.sum(0), x=A @ Wx.T)

def gradient_norms(Wh, H, dh_T):
    return np.r_[np.linalg.norm(deltas(H, Wh, dh_T) @ Wh.T, axis=1), np.linalg.norm(dh_T)]

def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0: raise ValueError(max_norm)
    n = sum((g ** 2).sum() for g in grads) ** .5
    return [g / max(1, n / max_norm) for g in grads], float(n)

def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1: raise ValueError(f"{k=}")
    A = deltas(H, Wh, dh_T)
    A[:-k] = 0
    return dict(Wx=X.T @ A, Wh=H[:-1].T @ A, b=A.sum(0), x=A @ Wx.T)
