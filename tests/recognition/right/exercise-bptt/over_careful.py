"""Copies and checks everywhere."""

import copy

import numpy as np


def rnn_forward(X, Wx, Wh, b):
    X = np.asarray(X, dtype=np.float64).copy()
    Wx = np.asarray(Wx, dtype=np.float64).copy()
    Wh = np.asarray(Wh, dtype=np.float64).copy()
    b = np.asarray(b, dtype=np.float64).copy()
    if X.ndim != 2:
        raise ValueError(f"X should have two axes, but has shape {X.shape}")
    number_of_steps, number_of_features = X.shape
    number_of_units = b.shape[0]
    assert Wx.shape == (number_of_features, number_of_units)
    assert Wh.shape == (number_of_units, number_of_units)
    H = np.zeros(shape=(number_of_steps + 1, number_of_units), dtype=np.float64)
    for step in range(1, number_of_steps + 1):
        x = X[step - 1, :]
        h = H[step - 1, :].copy()
        H[step, :] = np.tanh(np.matmul(x, Wx) + np.matmul(h, Wh) + b)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    X, H, Wx, Wh, dh_T = (np.array(a, dtype=np.float64) for a in (X, H, Wx, Wh, dh_T))
    number_of_steps = X.shape[0]
    if H.shape[0] != number_of_steps + 1:
        raise ValueError(f"H should have {number_of_steps + 1} rows, but has shape {H.shape}")
    gradients = {
        "Wx": np.zeros_like(Wx),
        "Wh": np.zeros_like(Wh),
        "b": np.zeros_like(dh_T),
        "x": np.zeros_like(X),
    }
    error_at_state = dh_T.copy()
    for step in range(number_of_steps, 0, -1):
        state_after = H[step, :]
        state_before = H[step - 1, :]
        slope = 1.0 - state_after**2
        error_at_sum = error_at_state * slope
        gradients["Wx"] = gradients["Wx"] + np.outer(X[step - 1, :], error_at_sum)
        gradients["Wh"] = gradients["Wh"] + np.outer(state_before, error_at_sum)
        gradients["b"] = gradients["b"] + error_at_sum
        gradients["x"][step - 1, :] = np.matmul(error_at_sum, np.transpose(Wx))
        error_at_state = np.matmul(error_at_sum, np.transpose(Wh))
    return gradients


def gradient_norms(Wh, H, dh_T):
    Wh, H, dh_T = (np.array(a, dtype=np.float64) for a in (Wh, H, dh_T))
    errors = [dh_T]
    for state in H[:0:-1]:
        errors.append(np.matmul(errors[-1] * (1.0 - state**2), Wh.T))
    errors.reverse()
    norms = np.array([np.linalg.norm(error, ord=2) for error in errors], dtype=np.float64)
    assert norms.shape == (H.shape[0],)
    return norms


def clip_by_global_norm(grads, max_norm):
    max_norm = float(max_norm)
    if np.isnan(max_norm) or max_norm <= 0.0:
        raise ValueError(f"max_norm should be above 0, but it is {max_norm}")
    grads = copy.deepcopy(list(grads))
    sum_of_squares = 0.0
    for grad in grads:
        sum_of_squares += float(np.sum(np.square(np.asarray(grad, dtype=np.float64))))
    norm = float(np.sqrt(sum_of_squares))
    if norm == 0.0 or norm <= max_norm:
        return grads, norm
    scale = max_norm / norm
    return [np.asarray(grad, dtype=np.float64) * scale for grad in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    if k < 1:
        raise ValueError(f"k should be at least 1, but it is {k}")
    X, H = np.array(X, dtype=np.float64), np.array(H, dtype=np.float64)
    number_of_steps = X.shape[0]
    k = min(int(k), number_of_steps)
    last = rnn_backward(X[number_of_steps - k :, :], H[number_of_steps - k :, :], Wx, Wh, dh_T)
    zeros = np.zeros((number_of_steps - k, X.shape[1]))
    return {**last, "x": np.concatenate([zeros, last["x"]], axis=0)}
