"""np.roll moves the rows, and the start symbol goes into the first column."""

import numpy as np


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx should have two dimensions, not {target_idx.ndim}")
    if (target_idx == start_id).any():
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    dec_out = target_idx.astype(np.int64)
    dec_in = np.roll(dec_out, 1, axis=0)
    dec_in[:, 0] = start_id
    return dec_in, dec_out
