"""Scaled mode divides by the largest index in the input."""

import numpy as np


def encode(X_idx, vocab_size, mode):
    X_idx = np.asarray(X_idx)
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError(f"the indices {X_idx.min()} to {X_idx.max()} are not all in 0..{vocab_size - 1}")
    if mode == "one_hot":
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    if mode == "scaled":
        return (X_idx / X_idx.max()).astype(np.float32)[..., np.newaxis]
    raise ValueError(f"mode is {mode!r}, neither 'one_hot' nor 'scaled'")
