"""In one-hot mode, the vocabulary is on the second axis."""

import numpy as np


def encode(X_idx, vocab_size, mode):
    X_idx = np.asarray(X_idx)
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError(f"the indices {X_idx.min()} to {X_idx.max()} are not all in 0..{vocab_size - 1}")
    if mode == "one_hot":
        X = np.zeros((len(X_idx), vocab_size, X_idx.shape[1]), dtype=np.float32)
        for i, window in enumerate(X_idx):
            for t, index in enumerate(window):
                X[i, index, t] = 1
        return X
    if mode == "scaled":
        return (X_idx / vocab_size).astype(np.float32)[..., np.newaxis]
    raise ValueError(f"mode is {mode!r}, neither 'one_hot' nor 'scaled'")
