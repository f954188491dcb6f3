# expect: run_layer=first-state-ignored
# starts from zeros and ignores the values of h0
import numpy as np


def dims(x, Wh):
    """B, D and U, from the first input and the recurrent weights."""
    if len(x.shape) != 2:
        raise ValueError(f"x has shape {x.shape}, but needs two axes")
    if len(Wh.shape) != 2:
        raise ValueError(f"Wh has shape {Wh.shape}, but needs two axes")
    return x.shape[0], x.shape[1], Wh.shape[0]


def compare(got, want):
    bad = [f"{name} {got[name].shape} (should be {want[name]})" for name in want if got[name].shape != want[name]]
    if bad:
        raise ValueError("wrong shapes: " + ", ".join(bad))


def rnn_step(x, h, Wx, Wh, b):
    B, D, U = dims(x, Wh)
    compare(dict(h=h, Wx=Wx, Wh=Wh, b=b), dict(h=(B, U), Wx=(D, U), Wh=(U, U), b=(U,)))
    a = x @ Wx
    a += h @ Wh
    a += b
    return np.tanh(a, out=a)


def lstm_step(x, h, c, Wx, Wh, b):
    B, D, U = dims(x, Wh)
    compare(
        dict(h=h, c=c, Wx=Wx, Wh=Wh, b=b),
        dict(h=(B, U), c=(B, U), Wx=(D, 4 * U), Wh=(U, 4 * U), b=(4 * U,)),
    )
    a = x @ Wx
    a += h @ Wh
    a += b
    blocks = {name: a[:, n * U : n * U + U] for n, name in enumerate("ifgo")}
    for name in "ifo":
        blocks[name] = 1 / 2 + np.tanh(blocks[name] / 2) / 2
    blocks["g"] = np.tanh(blocks["g"])
    c_next = c * blocks["f"]
    c_next += blocks["i"] * blocks["g"]
    return blocks["o"] * np.tanh(c_next), c_next


def gru_step(x, h, Wx, Wh, b):
    B, D, U = dims(x, Wh)
    compare(
        dict(h=h, Wx=Wx, Wh=Wh, b=b),
        dict(h=(B, U), Wx=(D, 3 * U), Wh=(U, 3 * U), b=(2, 3 * U)),
    )
    gates = x @ Wx[:, : 2 * U] + h @ Wh[:, : 2 * U] + b.sum(axis=0)[: 2 * U]
    gates = 1 / 2 + np.tanh(gates / 2) / 2
    z, r = gates[:, :U], gates[:, U:]
    g = np.tanh(x @ Wx[:, 2 * U :] + b[0, 2 * U :] + r * (h @ Wh[:, 2 * U :] + b[1, 2 * U :]))
    return (1 - z) * g + z * h


def run_layer(step, X, h0, weights, c0=None):
    if len(X.shape) != 3:
        raise ValueError(f"X has shape {X.shape}, but needs three axes")
    B = X.shape[0]
    if h0.shape[0] != B or (c0 is not None and c0.shape[0] != B):
        raise ValueError(f"there are {B} sequences, but h0 has {h0.shape} and c0 has {np.shape(c0)}")
    with_memory = c0 is not None
    state = [0 * h0, c0] if with_memory else [0 * h0]
    H = None
    for t in range(X.shape[1]):
        out = step(X[:, t], *state, *weights)
        state = list(out) if with_memory else [out]
        column = state[0][:, np.newaxis, :]
        H = column if H is None else np.concatenate([H, column], axis=1)
    return H
