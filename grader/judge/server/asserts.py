"""Assertions for test authors that keep the message apart from the data.

A plain `assert condition, "message"` also works. In hidden tests learners do not see
the text of numpy's own assertions, because it contains the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge.server.tables import difference, table_kind

MAX_ITEMS = 6  # items shown of a list or dictionary
MAX_NUMBERS = 9  # numbers shown of an array
MAX_TEXT = 80  # characters shown of a string
MAX_SHOWN = 200  # characters shown of any value


class Mismatch(AssertionError):
    """A wrong result. All tests show `message`; only visible tests show `details`.

    `value` is the wrong value itself, if there is one.
    """

    def __init__(self, message: str, details: str = "", value: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.value = value


class NotJudged(Mismatch):
    """A result that may be right, but that the test cannot judge. It is left to the instructor."""


def assert_shape(array: np.ndarray, shape: tuple[int, ...], message: str) -> None:
    """Assert that `array` has exactly this shape. Raises Mismatch."""
    if array.shape != shape:
        raise Mismatch(message, f"the shape is {array.shape}, expected {shape}", array)


def assert_array_equal(got: Any, expected: Any, message: str) -> None:
    """Assert that shapes and values are equal, with NaN equal to NaN. Raises Mismatch.

    The dtypes are not compared.
    """
    _compare(got, expected, message, rtol=0.0, atol=0.0)


def assert_allclose(got: Any, expected: Any, message: str, rtol: float = 1e-6, atol: float = 0.0) -> None:
    """Assert equal shapes and |got - expected| <= atol + rtol * |expected| everywhere.

    This is the formula of numpy.allclose. The default of `atol` is 0, because with
    numpy's 1e-8 the value 0.1**10 would count as close to 0. Dictionaries are compared
    key by key, tuples element by element. Raises Mismatch.
    """
    _compare(got, expected, message, rtol, atol)


def assert_same_table(got: Any, expected: Any, message: str, rtol: float = 1e-6, atol: float = 0.0) -> None:
    """Assert that two DataFrames or Series are equal: labels, order, and values within the tolerance.

    The names of the labels and the dtypes of equal values do not count. All tests tell what
    kind of column or row differs; only visible ones tell which. Raises Mismatch.
    """
    if found := difference(got, expected, rtol, atol):
        raise Mismatch(f"{message.removesuffix('.')}: {found.what}", found.details, got)


def _compare(got: Any, expected: Any, message: str, rtol: float, atol: float) -> None:
    if isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            raise _other(got, expected, message)
        for key, value in expected.items():
            _compare_part(f"at key {short(key)}", got[key], value, message, rtol, atol)
        return
    apart = (str, dict, set, frozenset, np.ndarray) if isinstance(expected, tuple) else (str, dict, set)
    if type(got) is type(expected) in (tuple, list) and any(isinstance(each, apart) for each in expected):
        if len(got) != len(expected):
            raise _other(got, expected, message)
        for index, pair in enumerate(zip(got, expected, strict=True)):
            _compare_part(f"at position {index}", *pair, message, rtol, atol)
        return
    if isinstance(expected, str | set | frozenset) or expected is None:
        if type(got) is not type(expected) or got != expected:
            raise _other(got, expected, message)
        return
    ours, theirs = np.asarray(expected), np.asarray(got)
    if theirs.dtype.kind not in "biuf":
        raise _other(got, expected, message)
    if theirs.shape != ours.shape:
        raise Mismatch(message, f"the shape is {theirs.shape}, expected {ours.shape}", got)
    same = (theirs == ours) | np.isclose(theirs, ours, rtol=rtol, atol=atol, equal_nan=True)
    if not same.all():
        raise Mismatch(message, _first_difference(theirs, ours, ~same), got)


def _other(got: Any, expected: Any, message: str) -> Mismatch:
    return Mismatch(message, f"got {short(got)}, expected {short(expected)}", got)


def _compare_part(where: str, got: Any, expected: Any, message: str, rtol: float, atol: float) -> None:
    """Compare one part of a dictionary or a tuple, and say which part is wrong."""
    try:
        _compare(got, expected, message, rtol, atol)
    except Mismatch as mismatch:
        raise Mismatch(message, f"{where}: {mismatch.details}", mismatch.value) from None


def _first_difference(got: np.ndarray, expected: np.ndarray, differs: np.ndarray) -> str:
    """Say where two arrays differ first, and show the beginning and end of the wrong one."""
    place = tuple(int(n) for n in np.argwhere(differs)[0])
    ours, theirs = expected[place].item(), got[place].item()
    if not place:
        return f"got {_plain(theirs)}, expected {_plain(ours)}"
    where = f"first difference at position {[*place]}: {_plain(theirs)} came back, expected {_plain(ours)}"
    return where if got.size == 1 else f"{where}\ngot {short(got)}"


def short(value: Any) -> str:
    """Format a value on one line. Of a long array, list or dictionary, a few items are shown."""
    if isinstance(value, np.ndarray):
        if value.ndim > 1 and value.size > MAX_NUMBERS:
            return f"array of shape {value.shape}"
        with np.printoptions(threshold=MAX_NUMBERS, edgeitems=3, precision=4, suppress=True, linewidth=200):
            body = " ".join(str(value).split())
        return f"array of shape {value.shape} {body}" if value.size > 1 else f"array({body})"
    if kind := table_kind(value):
        columns = f" and the columns {short([*value.columns])}" if kind == "DataFrame" else ""
        return f"{kind} with {len(value)} rows{columns}"
    text = _plain(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _plain(value: Any) -> str:
    """Return the repr of a value that is not an array, shortened."""
    if type(value) in (list, tuple):
        more = ["…"] if len(value) > MAX_ITEMS else []
        inner = ", ".join([*map(short, value[:MAX_ITEMS]), *more])
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if type(value) in (set, frozenset):
        more = [", …"] if len(value) > MAX_ITEMS else []
        inner = ", ".join(sorted(map(short, value))[:MAX_ITEMS])
        return f"{{{inner}{''.join(more)}}}" if value else "set()"
    if type(value) is dict:
        more = ["…"] if len(value) > MAX_ITEMS else []
        items = [f"{short(key)}: {short(item)}" for key, item in [*value.items()][:MAX_ITEMS]]
        return f"{{{', '.join([*items, *more])}}}"
    if type(value) is str and len(value) > MAX_TEXT:
        return f"{value[: MAX_TEXT - 1]!r}…"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
