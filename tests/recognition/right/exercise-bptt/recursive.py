import numpy as np


def rnn_forward(X, Wx, Wh, b):
    def states(t):
        if t == 0:
            return [np.zeros(len(b))]
        before = states(t - 1)
        return before + [np.tanh(X[t - 1] @ Wx + before[-1] @ Wh + b)]

    return np.stack(states(len(X)))


def rnn_backward(X, H, Wx, Wh, dh_T):
    if len(X) == 0:
        return {"Wx": 0 * Wx, "Wh": 0 * Wh, "b": 0 * Wh[0], "x": np.zeros(X.shape)}
    da = dh_T * (1 - H[-1] ** 2)
    rest = rnn_backward(X[:-1], H[:-1], Wx, Wh, da @ Wh.T)
    return {
        "Wx": rest["Wx"] + np.outer(X[-1], da),
        "Wh": rest["Wh"] + np.outer(H[-2], da),
        "b": rest["b"] + da,
        "x": np.vstack([rest["x"], da @ Wx.T]),
    }


def gradient_norms(Wh, H, dh_T):
    norm = np.linalg.norm(dh_T)
    if len(H) == 1:
        return np.array([norm])
    return np.append(gradient_norms(Wh, H[:-1], (dh_T * (1 - H[-1] ** 2)) @ Wh.T), norm)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"{max_norm} is no limit")

    def squares(some):
        return 0.0 if not some else float(np.vdot(some[0], some[0])) + squares(some[1:])

    norm = squares(grads) ** 0.5
    return [grad * (max_norm / max(norm, max_norm)) for grad in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"{k} steps are too few")
    if k >= len(X):
        return rnn_backward(X, H, Wx, Wh, dh_T)
    part = rnn_backward(X[-k:], H[-k - 1 :], Wx, Wh, dh_T)
    part["x"] = np.pad(part["x"], ((len(X) - k, 0), (0, 0)))
    return part
