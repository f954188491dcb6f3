"""The targets are read and predicted one step apart, but no start symbol is put in front."""

import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx should have two dimensions, not {target_idx.ndim}")
    if (target_idx == start_id).any():
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    dec_out = target_idx.astype(np.int64)
    return dec_out[:, :-1], dec_out[:, 1:]
