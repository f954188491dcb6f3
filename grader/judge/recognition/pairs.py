"""Turn a result of a learner's function and the right one into arrays that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

import numpy as np

from grader.judge.wire.values import Array, Dict, Integer, List, Scalar, Value, decode

MIN_ITEMS = 3  # of a dictionary that may be inverted


class Content(Enum):
    """The meaning of the numbers in a pair of arrays."""

    NUMBERS = auto()
    TEXT = auto()  # code points
    CODES = auto()  # one number for each different item of a list, so that only equality has a meaning
    MAPPING = auto()  # the numbers of a dictionary, whose order has no meaning


class Pair(NamedTuple):
    """A result of the learner's function and the right one, as arrays of the same kind.

    `lengths` are those of the call's arguments along each axis.
    """

    mine: np.ndarray
    right: np.ndarray
    content: Content = Content.NUMBERS
    lengths: frozenset[int] = frozenset()

    @property
    def is_numeric(self) -> bool:
        """True if the values can be computed with."""
        return self.content in (Content.NUMBERS, Content.MAPPING)


Pairs = Sequence[Pair]


def comparable(mine: Value, right: Value, lengths: frozenset[int] = frozenset()) -> Pair | None:
    """Return two values as a pair of arrays, or None if they are of different or other kinds.

    Comparable kinds are arrays, numbers, strings, lists of numbers or strings, and
    dictionaries that relate equal items to numbers, or numbers to equal items.
    """
    found: tuple[np.ndarray, np.ndarray, Content] | None = None
    if isinstance(mine, Array) and isinstance(right, Array):
        ours, theirs = decode(mine), decode(right)
        is_bool = {ours.dtype.kind == "b", theirs.dtype.kind == "b"}
        if len(is_bool) == 1:
            content = Content.CODES if is_bool == {True} else Content.NUMBERS
            found = ours.astype(float), theirs.astype(float), content
    elif isinstance(mine, str) and isinstance(right, str):
        found = _code_points(mine), _code_points(right), Content.TEXT
    elif isinstance(mine, List) and isinstance(right, List):
        found = _lists(decode(mine), decode(right))
    elif isinstance(mine, Dict) and isinstance(right, Dict):
        found = _dictionaries(decode(mine), decode(right))
    elif _is_number(mine) and _is_number(right):
        found = _numbers(decode(mine), decode(right), Content.NUMBERS)
    return None if found is None else Pair(*found, lengths)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Integer | Scalar | np.number) and not isinstance(value, bool)


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(float)


def _numbers(mine: Any, right: Any, content: Content) -> tuple[np.ndarray, np.ndarray, Content] | None:
    try:
        return np.array(mine, dtype=float), np.array(right, dtype=float), content
    except (TypeError, ValueError, OverflowError):  # the items have different lengths or are too large
        return None


def _lists(mine: list[Any], right: list[Any]) -> tuple[np.ndarray, np.ndarray, Content] | None:
    items = [*mine, *right]
    if all(isinstance(item, str) for item in items):
        codes = {text: float(code) for code, text in enumerate(dict.fromkeys(items))}
        return _numbers([codes[text] for text in mine], [codes[text] for text in right], Content.CODES)
    inner = [value for item in items for value in (item if isinstance(item, list | tuple) else [item])]
    return _numbers(mine, right, Content.NUMBERS) if all(map(_is_number, inner)) else None


def _dictionaries(
    mine: dict[Any, Any], right: dict[Any, Any]
) -> tuple[np.ndarray, np.ndarray, Content] | None:
    """Pair the numbers that belong to equal keys, or else those that belong to equal values."""
    for ours, theirs in ((mine, right), (_inverse(mine), _inverse(right))):
        if ours is not None and theirs is not None and ours.keys() == theirs.keys():
            values = [ours[key] for key in theirs], [*theirs.values()]
            if all(map(_is_number, [*values[0], *values[1]])):
                return _numbers(*values, Content.MAPPING)
    return None


def _inverse(dictionary: dict[Any, Any]) -> dict[Any, Any] | None:
    try:
        inverse = {value: key for key, value in dictionary.items()}
    except TypeError:
        return None
    return inverse if len(inverse) == len(dictionary) else None


def as_entries(value: object) -> dict[str, dict[str, Value]] | None:
    """Return a dictionary of dictionaries whose keys are all strings, or None for anything else.

    A dictionary of arrays counts as the only entry of one.
    """
    outer = _with_text_keys(value)
    if outer and all(isinstance(each, Array) for each in outer.values()):
        return {"": outer}
    inner = {key: _with_text_keys(each) for key, each in (outer or {}).items()}
    return {key: each for key, each in inner.items() if each} if inner and all(inner.values()) else None


def _with_text_keys(value: object) -> dict[str, Value] | None:
    if not isinstance(value, Dict) or not all(isinstance(key, str) for key in value.keys):
        return None
    return dict(zip(map(str, value.keys), value.values, strict=True))


def is_inverted(mine: Value, right: Value) -> bool:
    """Return True if a dictionary has its keys and values swapped."""
    if not (isinstance(mine, Dict) and isinstance(right, Dict)):
        return False
    ours, theirs = decode(mine), decode(right)
    return len(theirs) >= MIN_ITEMS and ours != theirs and ours == _inverse(theirs)
