"""The decoder reads the symbol after the one that it should predict."""

import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx should have two dimensions, not {target_idx.ndim}")
    if (target_idx == start_id).any():
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    dec_out = target_idx.astype(np.int64)
    dec_in = np.full_like(dec_out, start_id)
    dec_in[:, :-1] = dec_out[:, 1:]
    return dec_in, dec_out
