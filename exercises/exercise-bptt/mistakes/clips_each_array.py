"""Each array is clipped by its own norm."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = float(np.sqrt(sum(np.sum(grad**2) for grad in grads)))
    clipped = []
    for grad in grads:
        own = np.linalg.norm(grad)
        clipped.append(grad * (max_norm / own) if own > max_norm else grad.copy())
    return clipped, norm
