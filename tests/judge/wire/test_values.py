"""Values between judge and worker arrive unchanged or are refused."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.judge.wire.messages import Returned, framed, parse_from_worker
from grader.judge.wire.values import (
    MAX_ITEMS,
    Array,
    AxesData,
    Dict,
    FigureData,
    Integer,
    LineData,
    List,
    Opaque,
    Reference,
    Scalar,
    Tuple,
    Value,
    WireError,
    decode,
    encode,
)

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()

wire = msgspec.msgpack.Decoder(Value)


def crossed(value: Any) -> Any:
    """Return the value as it arrives on the other side."""
    return decode(wire.decode(msgspec.msgpack.encode(encode(value))))


def same(a: Any, b: Any) -> bool:
    """Return True if types and values are equal, with NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return bool(
            a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        )
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    return bool(a == b) or (a != a and b != b)


any_array = st.sampled_from(DTYPES).flatmap(
    lambda name: arrays.arrays(np.dtype(name), arrays.array_shapes(min_dims=0, min_side=0, max_side=4))
)
plain = st.none() | st.booleans() | st.floats() | st.text() | st.integers(-(2**200), 2**200)
any_value = st.recursive(
    plain | any_array,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(any_value)
def test_every_plain_value_arrives_as_it_was(value: Any) -> None:
    assert same(crossed(value), value)


@given(any_array)
def test_arrays_arrive_fresh_and_writable(array: np.ndarray) -> None:
    arrived = crossed(array)
    assert arrived.flags.writeable and not np.shares_memory(arrived, array)


@pytest.mark.parametrize("name", DTYPES)
def test_numpy_scalars_stay_numpy_scalars(name: str) -> None:
    value = np.dtype(name).type(1)
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(12)[::-3],
        np.asfortranarray(np.ones((2, 3))),
        np.broadcast_to(np.float32(2), (2, 2)),
        np.array(7.5),
        np.empty((0, 3)),
    ],
    ids=["transposed", "strided", "fortran", "broadcast", "0-d", "empty"],
)
def test_memory_layout_does_not_matter(array: np.ndarray) -> None:
    assert same(crossed(array), np.array(array, order="C"))


@pytest.mark.parametrize("name", ["int16", "uint64", "float32", "float64"])
def test_big_endian_arrays_arrive_in_this_machine_s_order(name: str) -> None:
    array = np.arange(5).astype(np.dtype(name).newbyteorder(">"))
    assert same(crossed(array), np.arange(5).astype(name))
    assert same(crossed(array[1]), np.dtype(name).type(1))


@pytest.mark.parametrize("number", [2**63, -(2**63), 2**64 - 1, 2**64, -(2**64), 3**600])
def test_integers_of_any_size(number: int) -> None:
    assert crossed(number) == number


def test_nan_and_infinity_cross() -> None:
    assert math.isnan(crossed(math.nan)) and crossed([math.inf, -math.inf]) == [math.inf, -math.inf]


def test_a_named_tuple_arrives_as_a_tuple() -> None:
    class Pair(NamedTuple):
        X: int
        y: int

    assert same(crossed(Pair(1, 2)), (1, 2))


class Weird:
    """An object that claims to equal everything and to be an array."""

    def __eq__(self, other: object) -> bool:
        return True

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        return np.zeros(3)

    __hash__ = None  # type: ignore[assignment]


class Sub(list):
    pass


@pytest.mark.parametrize("value", [Weird(), Sub([1]), range(2), b"raw", 1j, len, Weird], ids=type)
def test_other_types_arrive_as_their_names_only(value: object) -> None:
    arrived = crossed(value)
    assert isinstance(arrived, Opaque) and type(value).__name__ in arrived.type


@pytest.mark.parametrize("array", [np.array([{}]), np.array(["a"]), np.array([1j]), np.array([b"x"])])
def test_arrays_of_other_things_than_numbers_do_not_cross(array: np.ndarray) -> None:
    assert encode(array) == Opaque(f"array of {array.dtype.name}")


def test_a_judge_s_callable_crosses_as_a_reference() -> None:
    kept: list[Any] = []
    sent = encode([len], reference=lambda function: kept.append(function) or 7)
    assert sent == List((Reference(7),)) and kept == [len]
    assert decode(sent, callback=lambda id_: [id_]) == [[7]]


def test_the_lines_of_a_figure_arrive_as_arrays() -> None:
    sent = FigureData(
        "t", (AxesData("a", "x", "y", None, (LineData("l", encode(np.arange(2.0)), encode(np.ones(2))),)),)
    )
    line = decode(wire.decode(msgspec.msgpack.encode(sent))).axes[0].lines[0]
    assert same(line.x, np.arange(2.0)) and same(line.y, np.ones(2))


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_depth_has_a_limit_on_both_sides() -> None:
    assert crossed(nested(40)) == nested(40)
    with pytest.raises(WireError):
        encode(nested(60))
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(WireError):
        encode(loop)


# --- values that a hostile worker could send ---


@pytest.mark.parametrize(
    "value",
    [
        Array("float64", (2,), b"\0" * 15),
        Array("float64", (3,), b"\0" * 16),
        Array("float64", (-1, -2), b"\0" * 16),
        Array("float64", (1,) * 33, b"\0" * 8),
        Array("float64", (2**40, 2**40), b""),
        Array("int8", (0, 2**62, 2**62), b""),
        Array("int8", (2**63, 2**63, 0), b""),
        Array("object", (1,), b"\0" * 8),
        Array("complex128", (1,), b"\0" * 16),
        Array("O8", (1,), b"\0" * 8),
        Scalar("float64", b""),
        Scalar("datetime64", b"\0" * 8),
        Integer("f" * 1001),
        Integer("zz"),
        Integer("0x10"),
        Integer(""),
        Integer("1_0"),
        Dict((List(()),), (1,)),
        Dict((1, 2), (1,)),
        Reference(0),
        List((Array("int8", (1,), b""),)),
    ],
    ids=repr,
)
def test_values_that_break_the_rules_are_refused(value: Value) -> None:
    with pytest.raises(WireError):
        decode(value)


@pytest.mark.parametrize(
    "value", [[None] * (MAX_ITEMS + 1), ((0,) * (MAX_ITEMS + 1),), {"x": [0] * (MAX_ITEMS + 1)}], ids=type
)
def test_an_endless_list_is_refused_before_its_items_are_looked_at(value: object) -> None:
    seen: list[object] = []
    with pytest.raises(WireError, match="items"):
        encode(value, convert=lambda item: seen.append(item))
    assert not seen


many = List((None,) * (MAX_ITEMS // 4))


@pytest.mark.parametrize(
    "value",
    [
        List((None,) * (MAX_ITEMS + 1)),
        List((many,) * 4),
        Tuple((Dict((many,), (many,)), Dict((many,), (many,)))),
        FigureData(
            "", (AxesData("", "", "", None, (LineData("", many, many), LineData("", many, List((many,))))),)
        ),
    ],
    ids=["flat", "nested", "dictionaries", "figure"],
)
def test_the_items_of_all_lists_together_have_a_limit(value: Value) -> None:
    with pytest.raises(WireError, match="items"):
        parse_from_worker(framed(Returned(value, (), ""))[4:])


def test_a_bool_is_true_or_false_whatever_its_byte() -> None:
    array = decode(Array("bool", (3,), b"\0\1\2"))
    assert array.view("uint8").tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "sent",
    [
        {"_": "Evil"},
        {"_": "Integer", "text": "1", "more": 1},
        {"_": "Array", "dtype": "int8", "shape": "3", "data": b""},
        {"_": "Array", "dtype": "int8", "shape": [1.5], "data": b""},
        {"_": "Opaque", "type": "x", "reason": "whatever it likes to say"},
        {"text": "1"},
        [1, 2],
        b"bytes",
    ],
    ids=repr,
)
def test_unknown_tags_fields_and_types_do_not_decode(sent: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        wire.decode(msgspec.msgpack.encode(sent))
