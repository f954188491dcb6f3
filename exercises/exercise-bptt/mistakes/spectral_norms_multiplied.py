"""The norm of the error is multiplied by the largest stretch of each step."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H))
    norms[-1] = np.linalg.norm(dh_T)
    for t in range(len(H) - 1, 0, -1):
        norms[t - 1] = norms[t] * np.linalg.norm(Wh * (1 - H[t] ** 2), 2)
    return norms
