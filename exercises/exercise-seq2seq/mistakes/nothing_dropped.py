"""The start symbol is put in front, and the last symbol is not dropped."""

import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx should have two dimensions, not {target_idx.ndim}")
    if (target_idx == start_id).any():
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    dec_out = target_idx.astype(np.int64)
    start = np.full((len(dec_out), 1), start_id)
    return np.concatenate([start, dec_out], axis=1), dec_out
