"""The square root of the norm is left out."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    T = len(H) - 1
    norms = np.zeros(T + 1)
    dh = dh_T
    norms[T] = np.sum(dh**2)
    for t in range(T, 0, -1):
        dh = (dh * (1 - H[t] ** 2)) @ Wh.T
        norms[t - 1] = np.sum(dh**2)
    return norms
