"""Compare tables of pandas, and say in a few fixed words where they differ.

The words name no label and no value: a hidden test shows them. A visible test shows the place, too.
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

TABLES = {"DataFrame": "a pandas DataFrame", "Series": "a pandas Series"}  # by kind
_KINDS = {"b": "truth values", "M": "dates", "m": "time spans", **dict.fromkeys("iuf", "numbers")}
_TEXTS = "texts"
MAX_SHOWN = 80  # characters of a value


class Difference(NamedTuple):
    """The first difference of two tables. `what` is from a fixed list; `details` names the place."""

    what: str
    details: str = ""


def table_kind(value: Any) -> str:
    """Return "DataFrame" or "Series", or "" for any other value. The judge itself has made the value."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):  # another thread may be importing it
        return ""
    return next((name for name in TABLES if isinstance(value, getattr(pandas, name))), "")


def difference(got: Any, expected: Any, rtol: float, atol: float) -> Difference | None:
    """Return the first difference, or None if two tables are equal.

    Numbers of all dtypes are compared within the tolerance, and every missing value equals any other.
    The order of rows and columns counts. The names of the labels do not, nor the dtypes of equal values.
    """
    ours, theirs = table_kind(expected), table_kind(got)
    if ours != theirs:
        return Difference(f"it is not {TABLES.get(ours, 'the right kind of table')}")
    if ours == "DataFrame" and (found := _columns(got.columns, expected.columns)):
        return found
    if len(got) != len(expected):
        what = "it has another number of rows"
        return Difference(what, f"{len(got)} rows came back, expected {len(expected)}")
    if found := _labels(got.index, expected.index):
        return found
    if ours == "Series":
        return _values(got, expected, "the series", rtol, atol)
    pairs = ((got.iloc[:, n], expected.iloc[:, n], label) for n, label in enumerate(expected.columns))
    found_in = (_values(one, other, f"the column {label!r}", rtol, atol) for one, other, label in pairs)
    return next(filter(None, found_in), None)


def _columns(got: Any, expected: Any) -> Difference | None:
    ours, theirs = _plain_labels(expected), _plain_labels(got)
    if ours == theirs:
        return None
    details = f"the columns are {theirs}, expected {ours}"
    if sorted(map(repr, ours)) == sorted(map(repr, theirs)):
        return Difference("its columns have another order", details)
    return Difference("its columns are not the right ones", details)


def _labels(got: Any, expected: Any) -> Difference | None:
    ours, theirs = _plain_labels(expected), _plain_labels(got)
    if ours == theirs:
        return None
    place = next(n for n, (one, other) in enumerate(zip(theirs, ours, strict=True)) if one != other)
    details = f"row {place} has the label {_shown(theirs[place])}, expected {_shown(ours[place])}"
    if sorted(map(repr, theirs)) == sorted(map(repr, ours)):
        return Difference("its rows have another order", details)
    return Difference("the labels of its rows are not the right ones", details)


def _plain_labels(index: Any) -> list[Any]:
    """Return labels as Python's own values. A missing one is None."""
    return [*map(_plain, index)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if value is sys.modules["pandas"].NA or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _values(got: Any, expected: Any, where: str, rtol: float, atol: float) -> Difference | None:
    kind, other_kind = _kind_of(expected), _kind_of(got)
    if kind != other_kind:
        details = f"{where} holds {other_kind}, expected {kind}"
        return Difference(f"a column of {kind} holds something else", details)
    missing, theirs = expected.isna().to_numpy(), got.isna().to_numpy()
    same = missing & theirs
    both = ~missing & ~theirs
    if kind == "numbers":
        one, other = (np.asarray(each[both], dtype="float64") for each in (got, expected))
        same[both] = (one == other) | np.isclose(one, other, rtol=rtol, atol=atol)
    else:
        same[both] = [one == other for one, other in zip(got[both], expected[both], strict=True)]
    if same.all():
        return None
    place = int(np.argmin(same))
    came, right = (_shown(each.iloc[place]) for each in (got, expected))
    details = f"{where} has {came} in row {place}, expected {right}"
    return Difference(f"a value in a column of {kind} is not right", details)


def _shown(value: Any) -> str:
    return repr(_plain(value))[:MAX_SHOWN]


def _kind_of(values: Any) -> str:
    """Return what a column holds. An object column is what its values are."""
    kind = getattr(values.dtype, "kind", "O")
    if kind in _KINDS:
        return _KINDS[kind]
    present = [*map(type, values[~values.isna()])]
    if all(issubclass(each, str) for each in present):
        return _TEXTS
    if all(issubclass(each, bool | np.bool_) for each in present):
        return _KINDS["b"]
    if all(issubclass(each, int | float | np.number) and not issubclass(each, bool) for each in present):
        return _KINDS["f"]
    return "several kinds of values"
