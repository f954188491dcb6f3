"""No chain rule at the sums: derivatives of one step by the product rule on augmented rows."""
import numpy as np


def _augmented(X, H):
    """Rows (x, old h, 1), one per step, so that one matrix holds all weights."""
    ones = np.ones((len(X), 1))
    return np.hstack([X, H[:-1], ones])


def rnn_forward(X, Wx, Wh, b):
    W = np.vstack([Wx, Wh, b])
    h = np.zeros(len(b))
    H = [h]
    for x in X:
        h = np.tanh(np.concatenate([x, h, [1.0]]) @ W)
        H += [h]
    return np.vstack(H)


def _back(X, H, Wx, Wh, dh_T, steps):
    D, U = Wx.shape
    W = np.vstack([Wx, Wh])
    rows = _augmented(X, H)
    dW = np.zeros((D + U + 1, U))
    dx = np.zeros((len(X), D))
    dh = dh_T.astype(float)
    for t in range(len(X))[::-1][:steps]:
        da = dh * (1 - H[t + 1] * H[t + 1])
        dW += rows[t][:, np.newaxis] @ da[np.newaxis, :]
        dx[t], dh = np.split(W @ da, [D])
    return {"Wx": dW[:D], "Wh": dW[D:-1], "b": dW[-1], "x": dx}


def rnn_backward(X, H, Wx, Wh, dh_T):
    return _back(X, H, Wx, Wh, dh_T, None)


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError("not enough steps: " + repr(k))
    return _back(X, H, Wx, Wh, dh_T, k)


def gradient_norms(Wh, H, dh_T):
    T = len(H) - 1
    squares = np.zeros(T + 1)
    dh = 1.0 * dh_T
    squares[T] = dh @ dh
    for lag in range(1, T + 1):
        dh = Wh @ (dh * (1 - H[T - lag + 1] ** 2))
        squares[T - lag] = dh @ dh
    return squares**0.5


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("not a limit: " + repr(max_norm))
    norm = np.sqrt(sum(float((grad * grad).sum()) for grad in grads))
    too_large = norm > max_norm
    out = []
    for grad in grads:
        new = np.array(grad, dtype=float)
        if too_large:
            new *= max_norm
            new /= norm
        out.append(new)
    return out, norm
