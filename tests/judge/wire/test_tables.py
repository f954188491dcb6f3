"""Sets and tables of pandas arrive as they were sent, or are refused. Nothing in them can run."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.wire import tables
from grader.judge.wire.arrays import Array
from grader.judge.wire.tables import Axis, Column, Frame, Series, columns_of
from grader.judge.wire.values import Opaque, Set, Value, WireError, decode, encode

pandas: Any = pytest.importorskip("pandas")
wire = msgspec.msgpack.Decoder(Value)


def crossed(value: Any) -> Any:
    """Return the value as it arrives on the other side."""
    return decode(wire.decode(msgspec.msgpack.encode(encode(value))))


@given(st.sets(st.integers() | st.text() | st.none() | st.booleans() | st.tuples(st.integers()), max_size=6))
def test_sets_arrive_as_they_were_and_equal_sets_are_equal_on_the_wire(value: set[Any]) -> None:
    assert crossed(value) == value and type(crossed(value)) is set
    assert crossed(frozenset(value)) == value and type(crossed({frozenset(value)})) is set
    assert encode(value) == encode({*reversed([*value])})


def test_malformed_sets_are_refused() -> None:
    with pytest.raises(WireError, match="a set is malformed"):
        decode(Set((encode([1]),)))
    with pytest.raises(WireError, match="the same hash"):
        decode(Set(tuple(encode(n * (2**61 - 1)) for n in range(200))))


cells = {
    "float64": st.floats(),
    "int8": st.integers(-128, 127),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "object": st.none() | st.text() | st.integers(-9, 9) | st.booleans(),
    "string": st.none() | st.text(),
    "category": st.text(max_size=2),
    "Int64": st.none() | st.integers(-9, 9),
    "boolean": st.none() | st.booleans(),
    "datetime64[ns]": st.datetimes(min_value=pandas.Timestamp("1700-01-01").to_pydatetime(),
                                   max_value=pandas.Timestamp("2200-01-01").to_pydatetime()),
    "timedelta64[ns]": st.timedeltas(min_value=pandas.Timedelta(days=-9), max_value=pandas.Timedelta(days=9)),
}  # fmt: skip


@st.composite
def frames(draw: st.DrawFn) -> Any:
    """Draw a table with columns of several dtypes, and one or two levels of labels."""
    rows = draw(st.integers(0, 4))
    dtypes = draw(st.lists(st.sampled_from([*cells]), max_size=4))

    def column(dtype: str) -> Any:
        values = draw(st.lists(cells[dtype], min_size=rows, max_size=rows))
        return pandas.Series(values, dtype=dtype)

    frame = pandas.DataFrame({n: column(dtype) for n, dtype in enumerate(dtypes)}, index=range(rows))
    frame.columns = draw(st.permutations("wxyz"))[: len(dtypes)]
    names = draw(st.lists(st.none() | st.text(max_size=3), min_size=1, max_size=2))
    levels = [column(draw(st.sampled_from(["object", "int64", "string"]))) for _ in names]
    frame.index = (
        pandas.MultiIndex.from_arrays(levels, names=names)
        if len(levels) > 1
        else pandas.Index(levels[0], name=names[0])
    )
    return frame


@given(frames())
@settings(max_examples=40)
def test_tables_arrive_as_they_were(frame: Any) -> None:
    again = crossed(frame)
    categories = {"check_categorical": False, "check_column_type": False}
    pandas.testing.assert_frame_equal(again, frame, **categories)
    assert [*again.dtypes.map(str)] == [*frame.dtypes.map(str)]
    assert encode(again) == encode(frame)
    for _, series in frame.items():
        pandas.testing.assert_series_equal(crossed(series), series, check_categorical=False)


def test_a_table_inside_other_values_arrives_as_a_table() -> None:
    frame = pandas.DataFrame({"n": [1, 2]}, index=["a", "a"])
    (one,), more = crossed(([frame], {"x": frame["n"]}))
    assert one.equals(frame) and more["x"].equals(frame["n"]) and more["x"].name == "n"


@pytest.mark.parametrize(
    "column",
    [[[1]], [{"a": 1}], [print], pandas.to_datetime(["2026-01-01"]).tz_localize("UTC"), [1j], [2**70]],
    ids=["lists", "dictionaries", "functions", "time zones", "complex", "long"],
)
def test_what_is_not_plain_data_is_not_sent(column: Any) -> None:
    found = encode(pandas.DataFrame({"x": column}))
    assert isinstance(found, Opaque) and found.type.startswith("table with ")


def test_tables_that_are_too_large_are_refused() -> None:
    with pytest.raises(WireError, match="more than 1,000 columns"):
        encode(pandas.DataFrame(np.zeros((1, 1001))))
    with pytest.raises(WireError, match="more than 1,000,000 values that are not numbers"):
        encode(pandas.Series(["x"] * 1_000_001))
    with pytest.raises(WireError, match="more than 10,000,000 values"):
        encode(pandas.DataFrame({n: [0] for n in range(20)}).loc[np.zeros(10**6, dtype=int)])


INTS = Column("int64", Array("int64", (2,), bytes(16)))
ROWS = Axis((None,), (INTS,))
MALFORMED: dict[str, Frame | Series] = {
    "another length": Series(None, ROWS, Column("int64", Array("int64", (1,), bytes(8)))),
    "two axes": Series(None, ROWS, Column("int64", Array("int64", (1, 2), bytes(16)))),
    "another dtype": Series(None, ROWS, Column("float64", INTS.values)),
    "an unknown dtype": Series(None, ROWS, Column("Sparse[int]", (1, 2))),
    "a dtype of bytes": Series(None, ROWS, Column("datetime64[ns]", Array("int8", (2,), bytes(2)))),
    "a number that does not fit": Series(None, ROWS, Column("Int8", (1, 999))),
    "a text among numbers": Series(None, ROWS, Column("Int64", (1, "x"))),
    "no labels": Series(None, Axis((), ()), INTS),
    "labels without names": Series(None, Axis((), (INTS,)), INTS),
    "levels of two lengths": Series(
        None, Axis((None, None), (INTS, Column("int64", Array("int64", (1,), bytes(8))))), INTS
    ),
    "too few columns": Frame(ROWS, ROWS, (INTS,)),
    "too many columns": Frame(ROWS, ROWS, (INTS,) * (tables.MAX_COLUMNS + 1)),
}


@pytest.mark.parametrize("table", MALFORMED.values(), ids=MALFORMED)
def test_malformed_tables_are_refused(table: Frame | Series) -> None:
    """Attack: a worker sends parts that do not fit each other."""
    with pytest.raises(WireError):
        decode(wire.decode(msgspec.msgpack.encode(table)))


def test_columns_of_a_table_begin_with_its_labels() -> None:
    assert columns_of(Series(None, ROWS, INTS)) == (INTS, INTS)
    assert len(columns_of(Frame(ROWS, ROWS, (INTS, INTS)))) == 4
