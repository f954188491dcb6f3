# expect: lstm_step=candidate-as-a-gate, gru_step=reset-gate-left-out
import numpy as np

tanh, split = np.tanh, np.split
half = lambda z: 0.5 + 0.5 * tanh(0.5 * z)  # noqa: E731


def no(message):
    raise ValueError(message)


fit = lambda x, h, Wx, Wh, b, n, *r: (  # noqa: E731
    True
    if x.ndim == h.ndim == 2
    and (h.shape[0], Wx.shape, Wh.shape, b.shape)
    == (x.shape[0], (x.shape[1], n * h.shape[1]), (h.shape[1], n * h.shape[1]), (*r, n * h.shape[1]))
    else no(f"{x.shape}, {h.shape}, {Wx.shape}, {Wh.shape}, {b.shape}")
)
rnn_step = lambda x, h, Wx, Wh, b: fit(x, h, Wx, Wh, b, 1) and tanh(x @ Wx + h @ Wh + b)  # noqa: E731


def _lstm(c, i, f, g, o):
    return (half(o) * tanh(new := half(f) * c + half(i) * half(g)), new)


lstm_step = lambda x, h, c, Wx, Wh, b: (  # noqa: E731
    fit(x, h, Wx, Wh, b, 4)
    and (c.shape == h.shape or no(c.shape))
    and _lstm(c, *split(x @ Wx + h @ Wh + b, 4, 1))
)
_mix = lambda z, h, g: z * h + (1 - z) * g  # noqa: E731
_gru = lambda h, p, q: _mix(half(p[0] + q[0]), h, tanh(p[2] + q[2]))  # noqa: E731
gru_step = lambda x, h, Wx, Wh, b: (  # noqa: E731
    fit(x, h, Wx, Wh, b, 3, 2) and _gru(h, split(x @ Wx + b[0], 3, 1), split(h @ Wh + b[1], 3, 1))
)


def run_layer(step, X, h0, weights, c0=None, *, axis=1):
    X.ndim == 3 or no(X.shape)
    states = [s for s in (h0, c0) if s is not None]
    all(len(s) == len(X) for s in states) or no([s.shape for s in states])
    out = []
    for x in np.rollaxis(X, axis):
        states = step(x, *states, *weights)
        if c0 is None:
            states = [states]
        out += [states[0]]
    return np.dstack(out).transpose(0, 2, 1)
