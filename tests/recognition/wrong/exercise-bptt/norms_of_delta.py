# expect: gradient_norms=norms-before-tanh-of-each-step
# measures the error behind the slope, at the sum, instead of at the state
import numpy as np


def way_back(H, Wh, dh_T, steps=None):
    """Yield (t, gradient for H[t], error at the sum of step t), from the last step on."""
    dh = np.array(dh_T, dtype=float)
    T = H.shape[0] - 1
    stop = 0 if steps is None else max(0, T - steps)
    for t in range(T, stop, -1):
        delta = dh * (1 - H[t] * H[t])
        yield t, dh, delta
        dh = np.dot(Wh, delta)
    yield stop, dh, None


def collect(X, H, Wx, Wh, dh_T, steps=None):
    grads = dict(Wx=np.zeros_like(Wx, dtype=float), Wh=np.zeros_like(Wh, dtype=float))
    grads.update(b=np.zeros(Wh.shape[1]), x=np.zeros_like(X, dtype=float))
    for t, _, delta in way_back(H, Wh, dh_T, steps):
        if delta is None:
            break
        grads["Wx"] += X[t - 1][:, None] * delta[None, :]
        grads["Wh"] += H[t - 1][:, None] * delta[None, :]
        grads["b"] += delta
        grads["x"][t - 1] = np.dot(Wx, delta)
    return grads


def rnn_forward(X, Wx, Wh, b):
    states = [np.zeros(Wh.shape[0])]
    for x in X:
        states.append(np.tanh(x @ Wx + states[-1] @ Wh + b))
    return np.array(states)


def rnn_backward(X, H, Wx, Wh, dh_T):
    return collect(X, H, Wx, Wh, dh_T)


def gradient_norms(Wh, H, dh_T):
    norms = np.empty(H.shape[0])
    for t, dh, delta in way_back(H, Wh, dh_T):
        error = dh if delta is None else delta
        norms[t] = np.sqrt(error @ error)
    return norms


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm should be above 0, but it is {max_norm}")
    flat = np.concatenate([g.ravel() for g in grads])
    norm = float(np.linalg.norm(flat))
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k should be at least 1, but it is {k}")
    return collect(X, H, Wx, Wh, dh_T, steps=k)
