"""Relations between numbers that keep their order or their equality, but not their values."""

from __future__ import annotations

import numpy as np

from grader.judge.recognition.likeness import ENOUGH, close, distinct
from grader.judge.recognition.pairs import Content, Pair, Pairs


def is_rescaled(pairs: Pairs) -> bool:
    """Return True if mine is `a * right + b` in each call, and not by coincidence in all of them."""
    if not all(pair.is_numeric and pair.mine.shape == pair.right.shape for pair in pairs):
        return False
    return all(map(_has_one_scale, pairs)) and any(map(_is_irregular, pairs))


def _has_one_scale(pair: Pair) -> bool:
    mine, right = pair.mine.ravel(), pair.right.ravel()
    if distinct(np.unique(right)) < 2:
        return True  # nothing to see: constant data have no scale
    low, high = np.argmin(right), np.argmax(right)
    factor = (mine[high] - mine[low]) / (right[high] - right[low])
    is_finite = bool(np.isfinite(right).all() and np.isfinite(mine).all())
    return is_finite and factor != 0 and close(mine, factor * (right - right[low]) + mine[low])


def _is_irregular(pair: Pair) -> bool:
    """Return True if the right values are several and not at equal distances, as those of a range are."""
    steps = np.diff(np.unique(pair.right))
    return len(steps) >= ENOUGH and not np.allclose(steps, steps[0])


def is_renumbered(pairs: Pairs) -> bool:
    """Return True if in each call, the same whole number always stands for another one."""
    if not all(pair.content is Content.NUMBERS and pair.mine.shape == pair.right.shape for pair in pairs):
        return False
    return all(map(_is_one_to_one, pairs)) and any(map(_has_repeated_numbers, pairs))


def _is_one_to_one(pair: Pair) -> bool:
    both = np.stack([pair.mine.ravel(), pair.right.ravel()])
    if not np.array_equal(both, np.rint(both)):
        return False
    count = len(np.unique(both, axis=1).T)
    return count == len(np.unique(both[0])) == len(np.unique(both[1]))


def _has_repeated_numbers(pair: Pair) -> bool:
    return ENOUGH < len(np.unique(pair.right)) <= pair.right.size / 2
