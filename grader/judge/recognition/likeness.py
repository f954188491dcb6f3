"""Tell whether arrays are equal, and whether it is no coincidence that they are."""

from __future__ import annotations

import numpy as np

ENOUGH = 3  # different items that a relation of positions must have seen
MAX_ROWS = 1000  # rows that are searched for different ones


def close(mine: np.ndarray, right: np.ndarray, rtol: float = 1e-5) -> bool:
    """Return True if two arrays have the same shape and equal values, up to float32's last digits."""
    return mine.shape == right.shape and bool(np.allclose(mine, right, rtol=rtol, atol=1e-7, equal_nan=True))


def distinct(array: np.ndarray, at_most: int = ENOUGH) -> int:
    """Return the number of different items along the first axis, counted up to `at_most`."""
    if array.ndim == 0:
        return 1
    rows = array.reshape(len(array), -1) if array.size else array[:0].reshape(0, 1)
    seen: list[np.ndarray] = []
    for row in rows[:MAX_ROWS]:
        if len(seen) == at_most:
            break
        if not any(close(row, other) for other in seen):
            seen.append(row)
    return len(seen)


def is_telling(array: np.ndarray) -> bool:
    """Return True if it is no coincidence that a value equals this one: three items, or a fraction."""
    if array.ndim == 0:
        return bool(np.isfinite(array)) and abs(float(array) - round(float(array), 2)) > 1e-4
    return distinct(array.ravel()) >= ENOUGH
