# expect: rnn_backward=first-state-taken-as-zero
# puts zeros in the place of row 0 of H, as if the first state were always zero
"""All errors first, then one matrix product per gradient."""

import numpy as np


def rnn_forward(X, Wx, Wh, b):
    drive = X @ Wx + b  # what the inputs contribute, for all steps at once
    H = np.zeros((X.shape[0] + 1, Wh.shape[0]))
    for t, a in enumerate(drive):
        H[t + 1] = np.tanh(a + H[t] @ Wh)
    return H


def deltas(H, Wh, dh_T):
    """The error at the sum of every step, shape (T, U)."""
    slope = 1.0 - np.square(H[1:])
    D = np.empty(slope.shape)
    D[-1] = dh_T * slope[-1]
    for t in range(len(D) - 2, -1, -1):
        D[t] = Wh.dot(D[t + 1]) * slope[t]
    return D


def gradients(X, H, Wx, D):
    return {"Wx": X.T @ D, "Wh": H[:-1].T @ D, "b": D.sum(axis=0), "x": D @ Wx.T}


def rnn_backward(X, H, Wx, Wh, dh_T):
    D = deltas(H, Wh, dh_T)
    before = np.vstack([np.zeros(H.shape[1]), H[1:-1]])
    return {"Wx": X.T @ D, "Wh": before.T @ D, "b": D.sum(axis=0), "x": D @ Wx.T}


def gradient_norms(Wh, H, dh_T):
    errors = np.vstack([deltas(H, Wh, dh_T) @ Wh.T, dh_T])
    return np.linalg.norm(errors, axis=1)


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm must be above 0, not {max_norm!r}")
    norm = float(np.linalg.norm([np.linalg.norm(grad) for grad in grads]))
    return [grad * (max_norm / max(norm, max_norm)) for grad in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if not k >= 1:
        raise ValueError(f"k must be at least 1, not {k!r}")
    D = deltas(H, Wh, dh_T)
    D[: max(0, len(D) - k)] = 0
    return gradients(X, H, Wx, D)
