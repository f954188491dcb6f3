import numpy as np


def rnn_forward(X, Wx, Wh, b):
    T = np.shape(X)[0]
    h = np.zeros(np.shape(b))
    H = np.zeros((T + 1,) + np.shape(b))
    for t in range(T):
        h = np.tanh(np.einsum("d,du->u", X[t], Wx) + np.einsum("v,vu->u", h, Wh) + b)
        H[t + 1] = h
    return H


def errors(H, Wh, dh_T):
    """Gradients for H[0] ... H[T], as rows."""
    G = np.zeros(H.shape)
    G[-1] = dh_T
    for t in range(len(H) - 1, 0, -1):
        G[t - 1] = np.einsum("u,u,vu->v", G[t], 1 - H[t] ** 2, Wh)
    return G


def rnn_backward(X, H, Wx, Wh, dh_T):
    delta = errors(H, Wh, dh_T)[1:] * (1 - H[1:] ** 2)
    return {
        "Wx": np.einsum("td,tu->du", X, delta),
        "Wh": np.einsum("tv,tu->vu", H[:-1], delta),
        "b": np.einsum("tu->u", delta),
        "x": np.einsum("tu,du->td", delta, Wx),
    }


def gradient_norms(Wh, H, dh_T):
    return np.sqrt(np.einsum("tu,tu->t", errors(H, Wh, dh_T), errors(H, Wh, dh_T)))


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm: {max_norm}")
    norm = float(np.sqrt(np.sum([np.sum(np.square(g)) for g in grads])))
    if norm > max_norm:
        grads = [g * max_norm / norm for g in grads]
    else:
        grads = [g + 0 for g in grads]
    return grads, norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k: {k}")
    counts = np.arange(len(X)) >= len(X) - k
    delta = errors(H, Wh, dh_T)[1:] * (1 - H[1:] ** 2) * counts[:, None]
    return {
        "Wx": np.einsum("td,tu->du", X, delta),
        "Wh": np.einsum("tv,tu->vu", H[:-1], delta),
        "b": np.einsum("tu->u", delta),
        "x": np.einsum("tu,du->td", delta, Wx),
    }
