import numpy as np


def rnn_forward(X, Wx, Wh, b):
    if len(X) == 0:
        return np.zeros((1, len(b)))
    before = rnn_forward(X[:-1], Wx, Wh, b)
    return np.vstack([before, np.tanh(X[-1] @ Wx + before[-1] @ Wh + b)])


class Tape:
    """Adds up what the steps contribute."""

    def __init__(self, X, Wx, Wh):
        self.X, self.Wx, self.Wh = X, Wx, Wh
        self.grads = {
            "Wx": np.zeros(Wx.shape),
            "Wh": np.zeros(Wh.shape),
            "b": np.zeros(Wh.shape[1]),
            "x": np.zeros(X.shape),
        }

    def step(self, t, old, new, dh):
        """Step t (from 0) made `new` out of `old`. Returns the gradient for `old`."""
        delta = dh * (1 - new**2)
        self.grads["Wx"] += np.outer(self.X[t], delta)
        self.grads["Wh"] += np.outer(old, delta)
        self.grads["b"] += delta
        self.grads["x"][t] += self.Wx @ delta
        return self.Wh @ delta


def rnn_backward(X, H, Wx, Wh, dh_T):
    tape = Tape(X, Wx, Wh)
    dh = dh_T
    for t, (old, new) in reversed(list(enumerate(zip(H[:-1], H[1:])))):
        dh = tape.step(t, old, new, dh)
    return tape.grads


def gradient_norms(Wh, H, dh_T):
    here = np.linalg.norm(dh_T)
    if len(H) == 1:
        return np.array([here])
    earlier = gradient_norms(Wh, H[:-1], Wh @ (dh_T * (1 - H[-1] ** 2)))
    return np.append(earlier, here)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"{max_norm} is not above 0")
    norm = float(np.sqrt(sum(np.vdot(grad, grad) for grad in grads)))
    if norm > max_norm:
        return [np.multiply(grad, max_norm / norm) for grad in grads], norm
    return [np.array(grad) for grad in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"{k} is less than 1")
    tape = Tape(X, Wx, Wh)
    dh = dh_T
    for t in range(len(X) - 1, -1, -1):
        if len(X) - t > k:
            break
        dh = tape.step(t, H[t], H[t + 1], dh)
    return tape.grads
