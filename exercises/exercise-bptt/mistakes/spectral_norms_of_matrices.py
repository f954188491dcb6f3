"""The largest singular value of a matrix is taken for its norm."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = float(np.sqrt(sum(np.linalg.norm(grad, 2) ** 2 for grad in grads)))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [grad * factor for grad in grads], norm
