"""A small number is added to the norm before the division."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    factor = min(1.0, max_norm / (norm + 1e-6))
    return [grad * factor for grad in grads], norm
