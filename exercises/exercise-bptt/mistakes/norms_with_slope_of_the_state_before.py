"""The slope is taken at the state before the step."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    T = len(H) - 1
    norms = np.zeros(T + 1)
    dh = dh_T
    norms[T] = np.linalg.norm(dh)
    for t in range(T, 0, -1):
        dh = (dh * (1 - H[t - 1] ** 2)) @ Wh.T
        norms[t - 1] = np.linalg.norm(dh)
    return norms
