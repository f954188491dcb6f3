# expect: gru_step=bias-rows-swapped
# adds the first row of b to what comes from h and the second to what comes from x
import numpy as np

sigma = lambda a: np.exp(-np.logaddexp(0, -a))


def shapes(**expected):
    for name, (array, shape) in expected.items():
        if array.shape != shape:
            raise ValueError(f"{name}: expected shape {shape}, got {array.shape}")


def rnn_step(x, h, Wx, Wh, b):
    if x.ndim != 2 or h.ndim != 2:
        raise ValueError(f"x and h must be matrices, not {x.shape} and {h.shape}")
    (B, D), U = x.shape, h.shape[1]
    shapes(h=(h, (B, U)), Wx=(Wx, (D, U)), Wh=(Wh, (U, U)), b=(b, (U,)))
    return np.tanh(np.einsum("bd,du->bu", x, Wx) + np.einsum("bv,vu->bu", h, Wh) + b)


def lstm_step(x, h, c, Wx, Wh, b):
    if x.ndim != 2 or h.ndim != 2:
        raise ValueError(f"x and h must be matrices, not {x.shape} and {h.shape}")
    (B, D), U = x.shape, h.shape[1]
    shapes(h=(h, (B, U)), c=(c, (B, U)), Wx=(Wx, (D, 4 * U)), Wh=(Wh, (U, 4 * U)), b=(b, (4 * U,)))
    a = np.einsum("bd,dku->kbu", x, Wx.reshape(D, 4, U))
    a = a + np.einsum("bv,vku->kbu", h, Wh.reshape(U, 4, U)) + b.reshape(4, 1, U)
    i, f, o = sigma(a[[0, 1, 3]])
    c_new = f * c + i * np.tanh(a[2])
    return o * np.tanh(c_new), c_new


def gru_step(x, h, Wx, Wh, b):
    if x.ndim != 2 or h.ndim != 2:
        raise ValueError(f"x and h must be matrices, not {x.shape} and {h.shape}")
    (B, D), U = x.shape, h.shape[1]
    shapes(h=(h, (B, U)), Wx=(Wx, (D, 3 * U)), Wh=(Wh, (U, 3 * U)), b=(b, (2, 3 * U)))
    p = np.einsum("bd,dku->kbu", x, Wx.reshape(D, 3, U)) + b[1].reshape(3, 1, U)
    q = np.einsum("bv,vku->kbu", h, Wh.reshape(U, 3, U)) + b[0].reshape(3, 1, U)
    z, r = sigma(p[:2] + q[:2])
    n = np.tanh(p[2] + r * q[2])
    return n + z * (h - n)


def run_layer(step, X, h0, weights, c0=None):
    if X.ndim != 3:
        raise ValueError(f"X should be (B, T, D), but has shape {X.shape}")
    for name, state in (("h0", h0), ("c0", c0)):
        if state is not None and state.shape[0] != X.shape[0]:
            raise ValueError(f"{name}: {state.shape[0]} rows for {X.shape[0]} sequences")
    states = (h0,) if c0 is None else (h0, c0)
    outputs = []
    for x in np.moveaxis(X, 1, 0):
        result = step(x, *states, *weights)
        states = (result,) if c0 is None else result
        outputs.append(states[0])
    return np.stack(outputs).transpose(1, 0, 2)
