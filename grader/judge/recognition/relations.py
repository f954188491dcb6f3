"""Relations between one result of a learner's function and the right one.

A relation is a pure function of pairs (mine, right), one per call in which the two
differ. It holds only if it holds in every pair, and if a pair gives evidence: many
relations hold by coincidence for arrays that are short, constant or zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from grader.content.relations import RelationKind as R
from grader.judge.recognition.likeness import ENOUGH, close, distinct
from grader.judge.recognition.pairs import Content, Pair, Pairs
from grader.judge.recognition.scales import is_renumbered, is_rescaled

MAX_AXES = 4  # of arrays whose axes may be in another order
# --- shapes ---


def lost_axes(pairs: Pairs) -> set[int]:
    """Return the axes of length 1, counted from the end, that mine may lack in every pair."""
    options = []
    for mine, right, *_ in pairs:
        if mine.ndim != right.ndim - 1 or not close(mine.ravel(), right.ravel()):
            return set()
        shapes = {axis: right.shape[:axis] + right.shape[axis + 1 :] for axis in range(right.ndim)}
        fits = {axis for axis, shape in shapes.items() if right.shape[axis] == 1 and shape == mine.shape}
        options.append({axis - right.ndim for axis in fits})
    return set.intersection(*options) if options and _several(pairs) else set()


def mirrored(pairs: Pairs) -> Pairs:
    """Return the pairs with mine and right exchanged."""
    return [pair._replace(mine=pair.right, right=pair.mine) for pair in pairs]


def _several(pairs: Pairs) -> bool:
    """Return True if a pair has several different values."""
    return any(distinct(pair.right.ravel()) >= 2 for pair in pairs)


def _axes_swapped(pairs: Pairs) -> bool:
    dimensions = {pair.right.ndim for pair in pairs} | {pair.mine.ndim for pair in pairs}
    if len(dimensions) != 1 or not 2 <= min(dimensions) <= MAX_AXES:
        return False
    orders = [order for order in permutations(range(*dimensions)) if order != tuple(sorted(order))]
    return _several(pairs) and any(
        all(close(pair.mine, pair.right.transpose(order)) for pair in pairs) for order in orders
    )


def _reshaped(pairs: Pairs) -> bool:
    return _several(pairs) and all(
        pair.mine.shape != pair.right.shape and close(pair.mine.ravel(), pair.right.ravel()) for pair in pairs
    )


# --- positions ---


def _along_first(
    holds: Callable[[np.ndarray, np.ndarray], bool], evidence: int = ENOUGH, *, is_joined: bool = False
) -> Any:
    """Return a relation along the first axis. `evidence` is the number of different items that agree.

    With `is_joined`, as many different numbers in all pairs together are evidence, too.
    """

    def relation(pairs: Pairs) -> bool:
        if any(pair.content is Content.MAPPING or 0 in (pair.mine.ndim, pair.right.ndim) for pair in pairs):
            return False
        if not all(pair.mine.shape[1:] == pair.right.shape[1:] for pair in pairs):
            return False
        shorter = [_shorter(pair) for pair in pairs]
        return all(holds(pair.mine, pair.right) for pair in pairs) and (
            any(distinct(each, evidence) >= evidence for each in shorter)
            or (is_joined and distinct(np.concatenate([each.ravel() for each in shorter])) >= evidence)
        )

    return relation


def _shorter(pair: Pair) -> np.ndarray:
    return min(pair.mine, pair.right, key=len)


def reversed_axes(pairs: Pairs) -> set[int]:
    """Return the axes after the first, counted from the end, along which every pair may be reversed."""
    options = []
    for mine, right, *_ in pairs:
        axes = {axis - right.ndim for axis in range(1, right.ndim)}
        options.append({axis for axis in axes if close(mine, np.flip(right, axis))})
    seen = set.intersection(*options) if options else set()
    return {
        axis for axis in seen if any(distinct(np.moveaxis(pair.right, axis, 0)) >= ENOUGH for pair in pairs)
    }


def _shifted(by: int) -> Any:
    """Return the relation `mine[i] == right[i + by]` wherever both exist, `by` being 1 or -1."""

    def holds(mine: np.ndarray, right: np.ndarray) -> bool:
        ours, theirs = (mine[:-1], right[1:]) if by > 0 else (mine[1:], right[:-1])
        return len(right) >= 2 and mine.shape == right.shape and close(ours, theirs)

    return _along_first(holds, ENOUGH + 1)


def _thinned(mine: np.ndarray, right: np.ndarray) -> bool:
    """Return True if mine holds every second (or third, …) item of right."""
    if not 0 < len(mine) < len(right):
        return len(mine) == len(right) == 1
    steps = range(2, len(right) + 1)
    return any(
        len(right[::step]) - len(mine) in (0, 1) and close(mine, right[::step][: len(mine)]) for step in steps
    )


def _only_at(index: int) -> Any:
    """Return the relation that only the item at this index is wrong."""
    others = slice(1, None) if index == 0 else slice(None, -1)

    def holds(mine: np.ndarray, right: np.ndarray) -> bool:
        return len(right) >= 2 and mine.shape == right.shape and close(mine[others], right[others])

    return _along_first(holds, ENOUGH + 1)


def rows_of(arrays: Sequence[np.ndarray]) -> np.ndarray | None:
    """Return the items of several arrays as rows of one table, or None if they do not fit together."""
    if any(array.ndim == 0 for array in arrays) or len({array.shape[1:] for array in arrays}) != 1:
        return None
    width = int(np.prod(arrays[0].shape[1:]))
    return np.concatenate([array.reshape(len(array), width) for array in arrays]) if width else None


def places(mine: np.ndarray, right: np.ndarray) -> np.ndarray | None:
    """Return for each row of mine its place in right if mine is a rearrangement of right, else None."""
    if mine.shape != right.shape or not np.isfinite(right).all() or not np.isfinite(mine).all():
        return None
    weights = np.random.default_rng(0).uniform(0.5, 1.5, size=right.shape[1])
    ours, theirs = (np.argsort(rows @ weights, kind="stable") for rows in (mine, right))
    if not close(mine[ours], right[theirs]):
        return None
    found = np.empty(len(right), dtype=int)
    found[ours] = theirs
    return found


def is_scrambled(found: np.ndarray) -> bool:
    """Return True if rows at these places are in an order that no reversal or moved block explains."""
    steps = np.diff(found)
    return int((np.abs(steps) != 1).sum()) >= ENOUGH and len(found) >= ENOUGH + 2


def _reordered(pairs: Pairs) -> bool:
    all_places = []
    for pair in pairs:
        if pair.content is Content.MAPPING or pair.mine.shape != pair.right.shape:
            return False
        ours, theirs = rows_of([pair.mine]), rows_of([pair.right])
        if ours is None or theirs is None or (found := places(ours, theirs)) is None:
            return False
        all_places.append((found, theirs))
    return any(is_scrambled(found) and distinct(rows) >= ENOUGH for found, rows in all_places)


# --- values ---


def _elementwise(
    transform: Callable[[np.ndarray], np.ndarray], enough: Callable[[np.ndarray], bool]
) -> Callable[[Pairs], bool]:
    """Return the relation `mine == transform(right)`, with evidence from all values together."""

    def relation(pairs: Pairs) -> bool:
        if not all(pair.is_numeric for pair in pairs):
            return False
        values = np.concatenate([pair.right.ravel() for pair in pairs])
        return all(close(pair.mine, transform(pair.right)) for pair in pairs) and enough(values)

    return relation


def _rich(values: np.ndarray) -> bool:
    """Return True if there are three values, or two that no small whole number equals by coincidence."""
    fractions = values[np.abs(values - np.round(values, 2)) > 1e-4]
    return distinct(np.unique(np.abs(values[values != 0]))) >= ENOUGH or distinct(np.unique(fractions)) >= 2


def _fractional(values: np.ndarray) -> bool:
    """Return True if rounding changes several values, and not all of them to the same number."""
    broken = values[np.abs(values - np.rint(values)) > 1e-3]
    return distinct(np.unique(broken)) >= ENOUGH and distinct(np.unique(np.trunc(values))) >= 2


def _rounded(pairs: Pairs) -> bool:
    def rounding(digits: int) -> Callable[[np.ndarray], np.ndarray]:
        return lambda values: np.asarray(np.round(values, digits))

    return any(_elementwise(rounding(digits), _fractional)(pairs) for digits in range(4))


def _related_by(constant_of: Callable[[float, float], float], transform: Any) -> Callable[[Pairs], bool]:
    """Return the relation that all values differ by the same constant, at least within each call."""

    def relation(pairs: Pairs) -> bool:
        if not all(pair.is_numeric and pair.mine.shape == pair.right.shape for pair in pairs):
            return False
        whole = [np.concatenate([getattr(p, s).ravel() for p in pairs]) for s in ("mine", "right")]
        parts = [(pair.mine.ravel(), pair.right.ravel()) for pair in pairs]
        return _has_constant(*whole) or all(_has_constant(*part) for part in parts)

    def _has_constant(mine: np.ndarray, right: np.ndarray) -> bool:
        if not _rich(right) or not np.isfinite(mine).all() or not np.isfinite(right).all():
            return False
        largest = np.argmax(np.abs(right))
        constant = constant_of(mine[largest], right[largest])
        return constant != 0 and close(mine, transform(right, constant)) and not close(mine, right)

    return relation


def _factor(mine: float, right: float) -> float:
    return mine / right


def _difference(mine: float, right: float) -> float:
    return mine - right


def _by_a_length(power: int) -> Callable[[Pairs], bool]:
    """Return the relation `mine == right * n ** power`, with n the length of an argument of the call."""

    def relation(pairs: Pairs) -> bool:
        seen: set[int] = set()
        for pair in pairs:
            fits = [
                n
                for n in pair.lengths
                if n >= 2 and pair.is_numeric and close(pair.mine, pair.right * float(n) ** power)
            ]
            if len(fits) != 1:
                return False
            seen.update(fits)
        return len(seen) >= 2 and _rich(np.concatenate([pair.right.ravel() for pair in pairs]))

    return relation


def _root(values: np.ndarray) -> np.ndarray:
    return np.where(values >= 0, np.sqrt(np.abs(values)), np.nan)


def _letter_case(pairs: Pairs) -> bool:
    def folded(codes: np.ndarray) -> str:
        return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass").casefold()

    return all(pair.content is Content.TEXT and folded(pair.mine) == folded(pair.right) for pair in pairs)


def _of_lengths(difference: Callable[[int], bool], from_start: bool) -> Any:
    """Return the relation that mine and right have the same beginning (or end) and differ in length."""

    def holds(mine: np.ndarray, right: np.ndarray) -> bool:
        shared = min(len(mine), len(right))
        part = slice(shared) if from_start else slice(-shared or None, None)
        both = (mine[part], right[part]) if shared else (mine[:0], right[:0])
        return difference(len(mine) - len(right)) and close(*both)

    # the shorter one may be a single item, as of a return in a loop
    return _along_first(holds, is_joined=True)


# most specific first
RELATIONS: dict[R, Callable[[Pairs], bool]] = {
    R.AXIS_MISSING: lambda pairs: bool(lost_axes(pairs)),
    R.AXIS_EXTRA: lambda pairs: bool(lost_axes(mirrored(pairs))),
    R.AXES_SWAPPED: _axes_swapped,
    R.RESHAPED: _reshaped,
    R.LETTER_CASE: _letter_case,
    R.REVERSED: _along_first(lambda mine, right: close(mine, right[::-1])),
    R.REVERSED_WITHIN: lambda pairs: bool(reversed_axes(pairs)),
    R.BELONGS_EARLIER: _shifted(-1),
    R.BELONGS_LATER: _shifted(1),
    R.FIRST_WRONG: _only_at(0),
    R.LAST_WRONG: _only_at(-1),
    R.LAST_MISSING: _of_lengths(lambda more: more == -1, from_start=True),
    R.FIRST_MISSING: _of_lengths(lambda more: more == -1, from_start=False),
    R.END_MISSING: _of_lengths(lambda more: more < 0, from_start=True),
    R.START_MISSING: _of_lengths(lambda more: more < 0, from_start=False),
    R.ONE_MORE_AT_END: _of_lengths(lambda more: more == 1, from_start=True),
    R.ONE_MORE_AT_START: _of_lengths(lambda more: more == 1, from_start=False),
    R.MORE_AT_END: _of_lengths(lambda more: more > 0, from_start=True),
    R.MORE_AT_START: _of_lengths(lambda more: more > 0, from_start=False),
    R.THINNED: _along_first(_thinned),
    R.REORDERED: _reordered,
    R.ROOTED: _elementwise(_root, _rich),
    R.SQUARED: _elementwise(np.square, _rich),
    R.NEGATED: _elementwise(np.negative, _rich),
    R.ROUNDED: _rounded,
    R.TRUNCATED: _elementwise(lambda values: np.trunc(values), _fractional),
    R.SUMMED: _by_a_length(1),
    R.AVERAGED: _by_a_length(-1),
    R.SCALED: _related_by(_factor, np.multiply),
    R.OFFSET: _related_by(_difference, np.add),
    R.RESCALED: is_rescaled,
    R.RENUMBERED: is_renumbered,
}

# the weakest last; said only if no other relation holds
_WEAK = (R.RESCALED, R.RENUMBERED)

# relations of values, which would be a coincidence if other calls were right
OF_VALUES = frozenset(
    {R.ROOTED, R.SQUARED, R.SUMMED, R.AVERAGED, R.NEGATED, R.ROUNDED, R.TRUNCATED, R.SCALED, R.OFFSET}
)

# a relation that holds whenever another one does says less, and is no rival
_IMPLIED: dict[R, set[R]] = {
    R.AXIS_MISSING: {R.RESHAPED},
    R.AXIS_EXTRA: {R.RESHAPED},
    R.AXES_SWAPPED: {R.RESHAPED},
    R.REVERSED: {R.REORDERED},
    R.BELONGS_EARLIER: {R.REORDERED},
    R.BELONGS_LATER: {R.REORDERED},
    R.LAST_MISSING: {R.END_MISSING},
    R.FIRST_MISSING: {R.START_MISSING},
    R.END_MISSING: {R.THINNED},  # both hold if there is only the first item, as of a return in a loop
    R.ONE_MORE_AT_END: {R.MORE_AT_END},
    R.ONE_MORE_AT_START: {R.MORE_AT_START},
    R.NEGATED: {R.SCALED},
    R.SUMMED: {R.SCALED},
    R.AVERAGED: {R.SCALED},
}


def relation_of(pairs: Pairs) -> R | None:
    """Return the relation that holds in all pairs, or None if none or several unrelated ones do."""
    if not pairs:
        return None
    with np.errstate(all="ignore"):
        held = [kind for kind, holds in RELATIONS.items() if holds(pairs)]
    implied = set().union(*(_IMPLIED.get(kind, set()) for kind in held))
    left = [kind for kind in held if kind not in implied and kind not in _WEAK]
    left = left or [kind for kind in held if kind in _WEAK][:1]
    return left[0] if len(left) == 1 else None
