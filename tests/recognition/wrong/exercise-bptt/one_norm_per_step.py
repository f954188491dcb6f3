# expect: gradient_norms=last-norm-missing
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    pre = X @ Wx + b
    hist = [np.zeros(Wh.shape[0])]
    for row in pre:
        hist.append(np.tanh(row + hist[-1] @ Wh))
    return np.asarray(hist)


def sums_of_errors(H, Wh, dh_T):
    deltas = np.zeros((len(H) - 1, len(Wh)))
    e = dh_T
    for t in range(len(H) - 1, 0, -1):
        deltas[t - 1] = e * (1 - H[t] ** 2)
        e = deltas[t - 1] @ Wh.T
    return deltas


def rnn_backward(X, H, Wx, Wh, dh_T):
    deltas = sums_of_errors(H, Wh, dh_T)
    return {
        "Wx": X.T @ deltas,
        "Wh": H[:-1].T @ deltas,
        "b": deltas.sum(axis=0),
        "x": deltas @ Wx.T,
    }


def gradient_norms(Wh, H, dh_T):
    e, norms = dh_T, []
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
        raise ValueError(f"bad k {k}")
    cut = max(0, len(X) - k)
    g = rnn_backward(X[cut:], H[cut:], Wx, Wh, dh_T)
    g["x"] = np.vstack([np.zeros((cut, X.shape[1])), g["x"]])
    return g
