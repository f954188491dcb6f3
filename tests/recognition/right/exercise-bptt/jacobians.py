import numpy as np


def rnn_forward(X, Wx, Wh, b):
    projected = X @ Wx + b
    H = np.zeros((X.shape[0] + 1, Wh.shape[0]))
    for t, row in enumerate(projected, start=1):
        H[t] = np.tanh(row + H[t - 1] @ Wh)
    return H


def _jacobian(Wh, h):
    # d h_t / d h_(t-1): entry [j, i] tells how unit j reacts to the old unit i
    return np.diag(1 - h**2) @ Wh.T


def _errors(Wh, H, dh_T):
    """dL/dh for all states, from products of Jacobians."""
    T = len(H) - 1
    errors = np.zeros(H.shape)
    product = np.eye(len(Wh))
    errors[T] = dh_T @ product
    for t in range(T - 1, -1, -1):
        product = product @ _jacobian(Wh, H[t + 1])
        errors[t] = dh_T @ product
    return errors


def rnn_backward(X, H, Wx, Wh, dh_T):
    sums = _errors(Wh, H, dh_T)[1:] * (1 - H[1:] ** 2)
    return {
        "Wx": np.einsum("td,tu->du", X, sums),
        "Wh": np.einsum("tv,tu->vu", H[:-1], sums),
        "b": np.einsum("tu->u", sums),
        "x": np.einsum("tu,du->td", sums, Wx),
    }


def gradient_norms(Wh, H, dh_T):
    return np.sqrt(np.einsum("tu,tu->t", *2 * [_errors(Wh, H, dh_T)]))


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm {max_norm}")
    flat = np.concatenate([g.ravel() for g in grads])
    norm = np.linalg.norm(flat)
    if norm > max_norm:
        flat = flat * (max_norm / norm)
    ends = np.cumsum([g.size for g in grads])[:-1]
    pieces = np.split(flat, ends)
    return [p.reshape(g.shape) for p, g in zip(pieces, grads)], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k {k}")
    T = X.shape[0]
    near = np.arange(T) >= T - k
    sums = _errors(Wh, H, dh_T)[1:] * (1 - H[1:] ** 2) * near[:, None]
    return {"Wx": X.T @ sums, "Wh": H[:-1].T @ sums, "b": np.sum(sums, 0), "x": sums @ Wx.T}
