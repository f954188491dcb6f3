"""Each number is clipped on its own."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, not above 0")
    norm = float(np.sqrt(sum(np.sum(grad**2) for grad in grads)))
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], norm
