# expect: gradient_norms is a list
import numpy as np


def gradient_norms(Wh, H, dh_T):
    error = dh_T
    norms = [float(np.linalg.norm(error))]
    for h in H[:0:-1]:
        error = np.dot(error * (1 - h * h), Wh.T)
        norms.insert(0, float(np.linalg.norm(error)))
    return norms
