"""The norms are listed from the last state to the first."""

import numpy as np


def gradient_norms(Wh, H, dh_T):
    dh = dh_T
    norms = [np.linalg.norm(dh)]
    for t in range(len(H) - 1, 0, -1):
        dh = (dh * (1 - H[t] ** 2)) @ Wh.T
        norms.append(np.linalg.norm(dh))
    return np.array(norms)
