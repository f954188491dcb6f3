"""Backpropagation through time, by hand: the reference solution."""

import numpy as np


def rnn_forward(X, Wx, Wh, b):
    """Run a simple RNN over a sequence and return all states.

    X: shape (T, D).  Wx: shape (D, U).  Wh: shape (U, U).  b: shape (U,).
    Each state is a row h: new h = tanh(x @ Wx + old h @ Wh + b).
    Returns H: shape (T + 1, U), float64. Row 0 is the zero state before the first step, row t the
    state after step t.
    """
    H = np.zeros((len(X) + 1, len(b)))
    for t in range(1, len(X) + 1):
        H[t] = np.tanh(X[t - 1] @ Wx + H[t - 1] @ Wh + b)
    return H


def rnn_backward(X, H, Wx, Wh, dh_T):
    """Send the error back through all steps and return the gradients of the loss.

    X: shape (T, D).  H: shape (T + 1, U), as from rnn_forward, but row 0 need not be zero.
    Wx: shape (D, U).  Wh: shape (U, U).  dh_T: shape (U,), the gradient for the last state H[T].
    Returns a dict of float64 arrays with the keys "Wx", "Wh", "b" and "x". The gradients for Wx, Wh
    and b have the shapes of these arrays. The one for "x" has shape (T, D), one row per input.
    """
    grads = {
        "Wx": np.zeros(Wx.shape),
        "Wh": np.zeros(Wh.shape),
        "b": np.zeros(len(Wh)),
        "x": np.zeros(X.shape),
    }
    dh = dh_T
    for t in range(len(X), 0, -1):
        da = dh * (1 - H[t] ** 2)
        grads["Wx"] += np.outer(X[t - 1], da)
        grads["Wh"] += np.outer(H[t - 1], da)
        grads["b"] += da
        grads["x"][t - 1] = da @ Wx.T
        dh = da @ Wh.T
    return grads


def gradient_norms(Wh, H, dh_T):
    """Return the Euclidean norm of the gradient for each state, from H[0] to H[T].

    Wh: shape (U, U).  H: shape (T + 1, U).  dh_T: shape (U,), the gradient for the last state H[T].
    Returns shape (T + 1,), float64. Entry t belongs to H[t], so the last entry is the norm of dh_T.
    """
    norms = np.zeros(len(H))
    dh = dh_T
    norms[-1] = np.linalg.norm(dh)
    for t in range(len(H) - 1, 0, -1):
        dh = (dh * (1 - H[t] ** 2)) @ Wh.T
        norms[t - 1] = np.linalg.norm(dh)
    return norms


def clip_by_global_norm(grads, max_norm):
    """Scale several gradients down together if their common norm exceeds max_norm.

    grads: a list of arrays, each with at least one axis.  max_norm: the limit.
    Returns (clipped, norm): a list of arrays in the same order and shapes, and the norm before
    clipping, as a float.
    Raises ValueError if max_norm is not above 0.
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = float(np.sqrt(sum(np.sum(np.square(grad)) for grad in grads)))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [grad * factor for grad in grads], norm


def truncated(X, H, Wx, Wh, dh_T, k):
    """Send the error back through the last k steps only. Return the same dict as rnn_backward.

    The arguments are those of rnn_backward, and k. The first T - k steps contribute nothing, and
    their rows of "x" are zero. If k is T or more, no step is cut off.
    Raises ValueError if k is less than 1.
    """
    if k < 1:
        raise ValueError(f"k is {k}, below 1")
    first = max(len(X) - k, 0)
    grads = rnn_backward(X[first:], H[first:], Wx, Wh, dh_T)
    grads["x"] = np.concatenate([np.zeros((first, X.shape[1])), grads["x"]])
    return grads


LAGS = 100


def curves(rng):
    """Return the gradient against lag for several networks: label -> one number per lag, 1 at lag 0."""
    units, features = 8, 3
    Q = np.linalg.qr(rng.normal(size=(units, units)))[0]  # a matrix that neither stretches nor shrinks
    dh_T = rng.normal(size=units)
    flat = np.zeros((LAGS + 1, units))  # at 0, the slope of tanh is 1: only Wh counts
    networks = {f"factor {factor}": (factor * Q, flat) for factor in (0.1, 0.9, 1.1)}
    # A gated cell adds to its state. With a forget gate of 0.99, the state itself is multiplied by 0.99.
    networks["open gate, 0.99"] = 0.99 * np.eye(units), flat
    # The factor 1.1 again, but this time the network reads inputs, and tanh has its slope.
    X, Wx = rng.normal(size=(LAGS, features)), 0.25 * rng.normal(size=(features, units))
    networks["factor 1.1, with tanh"] = 1.1 * Q, rnn_forward(X, Wx, 1.1 * Q, np.zeros(units))
    return {
        label: gradient_norms(Wh, H, dh_T)[::-1] / np.linalg.norm(dh_T) for label, (Wh, H) in networks.items()
    }


def main():
    """Draw the gradient against the lag, and try out truncation and clipping."""
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(3)
    figure, axes = plt.subplots(figsize=(9, 5))
    for label, values in curves(rng).items():
        print(
            f"{label:<22} lag 10: {values[10]:8.1e}   lag 50: {values[50]:8.1e}   lag 100: {values[100]:8.1e}"
        )
        axes.semilogy(values, label=label)
    axes.set_ylim(1e-12, 1e6)
    axes.set_xlabel("lag")
    axes.set_ylabel("gradient, relative to lag 0")
    axes.legend(loc="lower right")
    figure.savefig("exercise_bptt.png")
    plt.close(figure)
    print("plot saved as exercise_bptt.png")

    # How much of the gradient do the last k steps explain? The recurrent weights stretch by 1.5 here.
    Wx, Wh, b = 0.25 * rng.normal(size=(3, 8)), 1.5 * np.linalg.qr(rng.normal(size=(8, 8)))[0], np.zeros(8)
    X, dh_T = rng.normal(size=(40, 3)), rng.normal(size=8)
    H = rnn_forward(X, Wx, Wh, b)
    whole = rnn_backward(X, H, Wx, Wh, dh_T)
    for k in (1, 5, 20, 40):
        part = truncated(X, H, Wx, Wh, dh_T, k)
        missing = np.linalg.norm(part["Wh"] - whole["Wh"]) / np.linalg.norm(whole["Wh"])
        print(f"truncated after {k:>2} steps: the gradient of Wh is off by {missing:.1%}")

    clipped, norm = clip_by_global_norm([whole["Wx"], whole["Wh"], whole["b"]], 1.0)
    after = np.sqrt(sum(np.sum(grad**2) for grad in clipped))
    print(f"norm of all gradients: {norm:.2f}, after clipping: {after:.2f}")


if __name__ == "__main__":
    main()
