"""The target is the second character after the window."""

import numpy as np


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1:
        raise ValueError(f"seq_length is {seq_length}, below 1")
    n = len(text) - seq_length
    if n < 1:
        raise ValueError(f"{len(text)} characters give no window of length {seq_length} with a target")
    unknown = sorted(set(text) - set(char_to_idx))
    if unknown:
        raise ValueError(f"{unknown} are not in the vocabulary")
    indices = np.array([char_to_idx[character] for character in text], dtype=np.int64)
    X_idx, y_idx = [], []
    for i in range(n - 1):
        X_idx.append(indices[i : i + seq_length])
        y_idx.append(indices[i + seq_length + 1])
    return np.array(X_idx), np.array(y_idx)
