"""The norms are those at the sums inside tanh. Only H[0], which has no sum, gets its own."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H))
    dh = dh_T
    for t in range(len(H) - 1, 0, -1):
        da = dh * (1 - H[t] ** 2)
        norms[t] = np.linalg.norm(da)
        dh = da @ Wh.T
    norms[0] = np.linalg.norm(dh)
    return norms
