"""Tables of pandas as plain data: labels, names of dtypes, and values. Nothing in them can run.

A DataFrame or Series is sent if its values are numbers, texts, truth values, dates or time spans, in any
of pandas' dtypes for these. Categories cross as their values. Missing texts and labels are None.
"""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING, Any, Union

from grader.judge.wire.arrays import DTYPES, Array, Wire, WireError, decode_array, encode_array

if TYPE_CHECKING:
    import numpy as np

MAX_COLUMNS = 1000
MAX_CELLS = 1_000_000  # that are not in an array, in one table
MAX_LEVELS = 10  # of the labels of one axis
_TIMES = re.compile(r"(?:datetime64|timedelta64)\[(?:s|ms|us|ns)\]")
_INTEGERS = {f"{sign}{size}" for sign in ("Int", "UInt") for size in (8, 16, 32, 64)}
_LISTED = frozenset({"object", "str", "string", "category", "boolean", "Float32", "Float64"} | _INTEGERS)

Plain = Union[None, bool, int, float, str]  # noqa: UP007  (msgspec reads it)


class Column(Wire, frozen=True):
    """The values of a column or of labels. `dtype` is pandas' name. Dates and time spans are integers."""

    dtype: str
    values: Array | tuple[Plain, ...]


class Axis(Wire, frozen=True):
    """The labels of an axis: one column for each level, with its name."""

    names: tuple[Plain, ...]
    levels: tuple[Column, ...]


class Frame(Wire, frozen=True):
    """A pandas.DataFrame."""

    columns: Axis
    index: Axis
    data: tuple[Column, ...]


class Series(Wire, frozen=True):
    """A pandas.Series."""

    name: Plain
    index: Axis
    data: Column


class NotSent(Exception):
    """A table with something that cannot be sent. The text names its dtype or type."""


def columns_of(table: Frame | Series) -> tuple[Column, ...]:
    """Return all columns of a table, those of its labels first."""
    if isinstance(table, Series):
        return (*table.index.levels, table.data)
    return (*table.columns.levels, *table.index.levels, *table.data)


# --- to the wire ---


def encode_table(value: Any) -> Frame | Series | None:
    """Return a DataFrame or Series as wire data, or None for any other value.

    pandas is not imported here: without it, there is no table. Raises NotSent, WireError.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):  # it may be half imported
        return None
    if isinstance(value, pandas.DataFrame):
        _count(value.shape[1], len(value))
        columns = (_column(value.iloc[:, place]) for place in range(value.shape[1]))
        return Frame(_axis(value.columns), _axis(value.index), tuple(columns))
    if isinstance(value, pandas.Series):
        return Series(_label(value.name), _axis(value.index), _column(value))
    return None


def _count(columns: int, rows: int) -> None:
    if columns > MAX_COLUMNS:
        raise WireError(f"it has more than {MAX_COLUMNS:,} columns")
    if columns * rows > 10 * MAX_CELLS:
        raise WireError(f"it has more than {10 * MAX_CELLS:,} values")


def _axis(index: Any) -> Axis:
    if index.nlevels > MAX_LEVELS:
        raise WireError(f"its labels have more than {MAX_LEVELS} levels")
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    return Axis(tuple(map(_label, index.names)), tuple(map(_column, levels)))


def _column(values: Any) -> Column:
    import numpy as np

    dtype, name = values.dtype, str(values.dtype)
    if isinstance(dtype, np.dtype) and name in DTYPES:
        return Column(name, encode_array(values.to_numpy()))
    if isinstance(dtype, np.dtype) and _TIMES.fullmatch(name):
        return Column(name, encode_array(values.to_numpy().view("int64")))
    if name not in _LISTED:
        raise NotSent(name)
    if len(values) > MAX_CELLS:
        raise WireError(f"it has more than {MAX_CELLS:,} values that are not numbers")
    return Column(name, tuple(map(_cell, values.astype(object))))


def _label(value: Any) -> Plain:
    """Return the name of a column or of labels. A name of several parts is written as a text."""
    return str(value)[:200] if isinstance(value, tuple) else _cell(value)


def _cell(value: Any) -> Plain:
    numpy, pandas = sys.modules["numpy"], sys.modules["pandas"]
    if value is None or value is pandas.NA or value is pandas.NaT:
        return None
    if isinstance(value, numpy.generic):
        value = value.item()
    kind = type(value)
    if kind is float:
        return None if math.isnan(value) else value
    if kind in (bool, str) or (kind is int and -(2**63) <= value < 2**64):
        return value  # type: ignore[no-any-return]
    raise NotSent(kind.__name__)


# --- from the wire ---


def decode_table(table: Frame | Series) -> Any:
    """Return a new DataFrame or Series. Raises WireError if its parts do not fit each other."""
    try:
        import pandas
    except ImportError:
        raise WireError("pandas is not installed where the tests run") from None
    if sum(len(c.values) for c in columns_of(table) if isinstance(c.values, tuple)) > MAX_CELLS * 2:
        raise WireError(f"it has more than {MAX_CELLS:,} values that are not numbers")
    index = _index(table.index)
    try:
        if isinstance(table, Series):
            return _series(table.data, index).rename(table.name)
        if len(table.data) > MAX_COLUMNS:
            raise WireError(f"it has more than {MAX_COLUMNS:,} columns")
        parts = {place: _series(column, index) for place, column in enumerate(table.data)}
        frame = pandas.DataFrame(parts, index=index)
        frame.columns = _index(table.columns)
        return frame
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"a table is malformed: {error}") from None


def _series(column: Column, index: Any) -> Any:
    import pandas

    values, dtype = _values(column)
    return pandas.Series(values, index=index, dtype=dtype)


def _index(axis: Axis) -> Any:
    import pandas

    if not 1 <= len(axis.levels) == len(axis.names) <= MAX_LEVELS:
        raise WireError("the labels of a table have no levels, or too many")
    try:
        pairs = [*map(_values, axis.levels)]
        levels = [pandas.Index(values, dtype=dtype) for values, dtype in pairs]
        if len(levels) == 1:
            return levels[0].rename(axis.names[0])
        return pandas.MultiIndex.from_arrays(levels, names=axis.names)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"the labels of a table are malformed: {error}") from None


def _values(column: Column) -> tuple[np.ndarray | list[Plain], str]:
    """Return the values of a column, and the dtype that they get."""
    if isinstance(column.values, tuple):
        if column.dtype not in _LISTED:
            raise WireError(f"the dtype {column.dtype!r} is not supported")
        return [*column.values], column.dtype
    array = decode_array(column.values.dtype, column.values.shape, column.values.data)
    is_time = bool(_TIMES.fullmatch(column.dtype)) and array.dtype == "int64"
    if array.ndim != 1 or not (is_time or column.dtype == array.dtype.name):
        raise WireError("the dtype of a column does not fit its values")
    return (array.view(column.dtype) if is_time else array), column.dtype
