"""The error passes Wh first, and then the slope of the state that it arrives at."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    norms = np.zeros(len(H))
    dh = dh_T
    norms[-1] = np.linalg.norm(dh)
    for t in range(len(H) - 2, -1, -1):
        dh = (dh @ Wh.T) * (1 - H[t] ** 2)
        norms[t] = np.linalg.norm(dh)
    return norms
