# expect: clip_by_global_norm=norm-plus-epsilon
# adds 1e-6 to the norm before dividing, as PyTorch does
# Translated from the formulas of section 3.1: columns, W_x x_t + W_h h_{t-1} + b.
import numpy as np


def columns(matrix):
    return np.asarray(matrix, dtype=float).T


def rnn_forward(X, Wx, Wh, b):
    W_x, W_h = columns(Wx), columns(Wh)
    T, U = X.shape[0], W_h.shape[0]
    h = np.zeros((U, T + 1))
    x = columns(X)
    for t in range(1, T + 1):
        a_t = W_x @ x[:, t - 1] + W_h @ h[:, t - 1] + b
        h[:, t] = np.tanh(a_t)
    return h.T


def rnn_backward(X, H, Wx, Wh, dh_T):
    W_x, W_h = columns(Wx), columns(Wh)
    x, h = columns(X), columns(H)
    T = X.shape[0]
    G_x, G_h, G_b, dx = 0, 0, 0, [None] * T
    dL_dh = dh_T
    for t in range(T, 0, -1):
        delta_t = (1 - h[:, t] ** 2) * dL_dh
        G_x = G_x + np.outer(delta_t, x[:, t - 1])
        G_h = G_h + np.outer(delta_t, h[:, t - 1])
        G_b = G_b + delta_t
        dx[t - 1] = W_x.T @ delta_t
        dL_dh = W_h.T @ delta_t
    return {"Wx": G_x.T, "Wh": G_h.T, "b": G_b, "x": np.array(dx)}


def jacobian(W_h, h_t):
    """dh_t / dh_{t-1}: row i, column j is the influence of the old unit j on the new unit i."""
    return np.diag(1 - h_t**2) @ W_h


def gradient_norms(Wh, H, dh_T):
    W_h = columns(Wh)
    T = H.shape[0] - 1
    product = np.eye(W_h.shape[0])
    norms = [np.linalg.norm(dh_T)]
    for t in range(T, 0, -1):
        product = product @ jacobian(W_h, H[t])
        norms.append(np.linalg.norm(product.T @ dh_T))
    return np.array(norms[::-1])


def clip_by_global_norm(grads, max_norm):
    """g <- g min(1, c / ||g||), ||g|| = sqrt(||g_1||^2 + ... + ||g_n||^2)."""
    c = max_norm
    if c <= 0:
        raise ValueError("max_norm = %r is not above 0" % c)
    norm_g = np.sqrt(sum(np.linalg.norm(g_i) ** 2 for g_i in grads))
    factor = min(1.0, c / (norm_g + 1e-6))
    return [factor * g_i for g_i in grads], float(norm_g)


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError("k = %r is below 1" % k)
    T, D = X.shape
    if k >= T:
        return rnn_backward(X, H, Wx, Wh, dh_T)
    gradient = rnn_backward(X[-k:], H[-k - 1 :], Wx, Wh, dh_T)
    gradient["x"] = np.vstack([np.zeros((T - k, D)), gradient["x"]])
    return gradient
