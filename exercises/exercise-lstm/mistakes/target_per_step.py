"""The target is the window one step later, as for a prediction at every step."""

import numpy as np


def create_sequences(data, seq_length):
    data = np.asarray(data, dtype=np.float64)
    if data.ndim != 1:
        raise ValueError(f"data should have one dimension, not {data.ndim}")
    if np.isnan(data).any():
        raise ValueError("data holds NaN")
    if seq_length < 1:
        raise ValueError(f"seq_length is {seq_length}, below 1")
    if len(data) <= seq_length:
        raise ValueError(f"{len(data)} values give no window of length {seq_length} with a target")
    X, y = [], []
    for i in range(len(data) - seq_length):
        X.append(data[i : i + seq_length])
        y.append(data[i + 1 : i + 1 + seq_length])
    return np.array(X)[..., np.newaxis], np.array(y)
