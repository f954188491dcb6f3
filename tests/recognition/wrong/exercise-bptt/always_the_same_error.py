# expect: rnn_backward=error-never-moves
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    pre = X @ Wx + b
    hist = [np.zeros(Wh.shape[0])]
    for row in pre:
        hist.append(np.tanh(row + hist[-1] @ Wh))
    return np.asarray(hist)


def rnn_backward(X, H, Wx, Wh, dh_T):
    deltas = dh_T * (1 - H[1:] ** 2)
    return {"Wx": X.T @ deltas, "Wh": H[:-1].T @ deltas, "b": deltas.sum(axis=0), "x": deltas @ Wx.T}


def gradient_norms(Wh, H, dh_T):
    e, norms = dh_T, [np.linalg.norm(dh_T)]
    for h in H[:0:-1]:
        e = (e * (1 - h ** 2)) @ Wh.T
        norms.append(np.linalg.norm(e))
    return np.array(norms[::-1])


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"bad limit {max_norm}")
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    factor = max_norm / max(norm, max_norm)
    return [factor * g for g in grads], norm


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
