# expect: gradient_norms=?
# relation: gradient_norms=first_missing
# leaves out the state before the first step
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    H = [0 * b]
    for x in X:
        H += [np.tanh(x @ Wx + H[-1] @ Wh + b)]
    return np.array(H, float)


def rnn_backward(X, H, Wx, Wh, dh_T):
    return truncated(X, H, Wx, Wh, dh_T, len(X))


def gradient_norms(Wh, H, dh_T):
    e = [dh_T]
    for h in H[:1:-1]:
        e += [Wh @ (e[-1] * (1 - h * h))]
    return np.linalg.norm(e[::-1], axis=1)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm={max_norm}")
    n = sum((g * g).sum() for g in grads) ** 0.5
    return [g * min(1, max_norm / n) if n else g * 1 for g in grads], float(n)


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k={k}")
    E, e = np.zeros((len(X), len(dh_T))), dh_T
    for t in range(len(X) - 1, max(-1, len(X) - 1 - k), -1):
        E[t] = e * (1 - H[t + 1] ** 2)
        e = Wh @ E[t]
    return {"Wx": X.T @ E, "Wh": H[:-1].T @ E, "b": E.sum(0), "x": E @ Wx.T}
