"""The state that the loss reads has no entry."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H) - 1)
    dh = dh_T
    for t in range(len(H) - 1, 0, -1):
        dh = (dh * (1 - H[t] ** 2)) @ Wh.T
        norms[t - 1] = np.linalg.norm(dh)
    return norms
