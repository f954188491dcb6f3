"""The norms are those of the gradients of the sums inside tanh."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H))
    dh = dh_T
    for t in range(len(H) - 1, -1, -1):
        da = dh * (1 - H[t] ** 2)
        norms[t] = np.linalg.norm(da)
        dh = da @ Wh.T
    return norms
