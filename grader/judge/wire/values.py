"""The values that cross between judge and worker, and nothing else.

A value is plain data or one of the structs below; msgspec refuses every other
tag, type or field while decoding. `encode` runs on both sides; what it does not
know becomes `Opaque` and carries only the name of its type. Never pickle.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Union

from msgspec import Struct

from grader.judge.wire.stand_in import StandIn

if TYPE_CHECKING:
    import numpy as np

MAX_DEPTH = 50
MAX_ITEMS = 1_000_000  # in all lists, tuples and dictionaries of one message
MAX_NAME = 100
MAX_EQUAL_HASHES = 100  # keys in a dictionary; its making takes the square of their number
_HEXADECIMAL = re.compile(r"-?[0-9a-f]{1,1000}")
_DTYPES = frozenset("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split())


class WireError(Exception):
    """A value that breaks the rules of the wire."""


class Wire(Struct, frozen=True, tag=True, tag_field="_", forbid_unknown_fields=True):
    """The root of everything that crosses; `_` holds the name of its type."""


class Array(Wire, frozen=True):
    """An ndarray in C order, little endian; `data` holds exactly shape × itemsize bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Scalar(Wire, frozen=True):
    """A numpy scalar."""

    dtype: str
    data: bytes


class Integer(Wire, frozen=True):
    """An int beyond 64 bits, in hexadecimal."""

    text: str


class List(Wire, frozen=True):
    items: tuple[Value, ...]


class Tuple(Wire, frozen=True):
    items: tuple[Value, ...]


class Dict(Wire, frozen=True):
    keys: tuple[Value, ...]
    values: tuple[Value, ...]


class Reference(Wire, frozen=True):
    """A callable that stays with the judge; the worker calls back to use it."""

    id: int


class Object(Wire, frozen=True):
    """A stand-in that stays with the judge; the worker sees its attributes and calls back for its methods."""

    methods: dict[str, int]
    attributes: dict[str, Value]


class Generator(Wire, frozen=True):
    """A `numpy.random.Generator`, which the worker makes from this seed. Tests pass it as it is."""

    seed: int


class LineData(Wire, frozen=True):
    """One line of a plot."""

    label: str
    x: Value
    y: Value


class AxesData(Wire, frozen=True):
    """One pair of axes; `legend` holds its texts, or is None where there is no legend."""

    title: str
    xlabel: str
    ylabel: str
    legend: tuple[str, ...] | None
    lines: tuple[LineData, ...]


class FigureData(Wire, frozen=True):
    """A matplotlib figure as data."""

    title: str
    axes: tuple[AxesData, ...]


class Blueprint(Wire, frozen=True):
    """A Keras model as data: its configurations as JSON, its weights as arrays.

    `optimizer` is a token: two models with the same token share one optimizer object.
    """

    kind: str
    config: str
    compiled: str | None
    input_shape: tuple[int | None, ...]
    weights: tuple[Array, ...]
    optimizer: int | None


Reason = Literal["", "custom_model", "unbuilt_model", "custom_parts", "unsendable"]


class Opaque(Wire, frozen=True):
    """Something that does not cross; `type` is its type's name as the worker tells it."""

    type: str
    reason: Reason = ""


Value = Union[  # noqa: UP007  (names are resolved late, by msgspec)
    None,
    bool,
    int,
    float,
    str,
    Array,
    Scalar,
    Integer,
    List,
    Tuple,
    Dict,
    Reference,
    Object,
    Generator,
    FigureData,
    Blueprint,
    Opaque,
]


def type_name(value: object) -> str:
    """Return the name of a value's type, short enough for a sentence."""
    kind = type(value)
    module = getattr(kind, "__module__", "")
    name = getattr(kind, "__qualname__", "object")
    full = name if module in ("builtins", "submission") else f"{module}.{name}"
    return str(full)[:MAX_NAME]


def encode(
    value: Any,
    reference: Callable[[Callable[..., Any]], int] | None = None,
    convert: Callable[[Any], Value] | None = None,
    depth: int = 0,
) -> Value:
    """Return `value` as wire data.

    `reference` gives a callable its id (judge only: the learner's callables do
    not cross); `convert` may know further types (worker only: models, figures).
    Raises WireError beyond MAX_DEPTH.
    """
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested more than {MAX_DEPTH} levels deep")
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value  # type: ignore[no-any-return]
    if kind is int:
        return value if -(2**63) <= value < 2**64 else Integer(f"{value:x}")
    if kind in (list, dict) or isinstance(value, tuple):
        # before its items are looked at, which would take as long as there are many
        _count(len(value))

    def inner(item: Any) -> Value:
        return encode(item, reference, convert, depth + 1)

    if kind is list:
        return List(tuple(map(inner, value)))
    if isinstance(value, tuple):  # a NamedTuple counts as a tuple
        return Tuple(tuple(map(inner, value)))
    if kind is dict:
        return Dict(tuple(map(inner, value)), tuple(map(inner, value.values())))
    numpy = sys.modules.get("numpy")  # if nobody imported it, the value is not from numpy
    if numpy is not None:
        if kind is numpy.ndarray:
            return _array(value) if value.dtype.name in _DTYPES else Opaque(f"array of {value.dtype.name}")
        if isinstance(value, numpy.generic):
            plain = numpy.asarray(value)
            if plain.dtype.name in _DTYPES:
                return Scalar(plain.dtype.name, _array(plain).data)
    if convert is not None and (converted := convert(value)) is not None:
        return converted
    if reference is not None:
        if isinstance(value, StandIn):
            methods = {name: reference(method) for name, method in value.methods.items()}
            return Object(methods, {name: inner(item) for name, item in value.attributes.items()})
        if kind is Generator:
            return value  # type: ignore[no-any-return]
        if callable(value):
            return Reference(reference(value))
    return Opaque(type_name(value))


def _array(array: np.ndarray) -> Array:
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    return Array(array.dtype.name, array.shape, little.tobytes())


def check_items(*values: Value) -> None:
    """Raises WireError if lists, tuples and dictionaries hold more than MAX_ITEMS between them.

    A nothing takes one byte on the wire and a microsecond to decode, so the
    size of a message does not bound the time that it takes.
    """
    total, todo = -len(values), [values]
    while todo:
        items = todo.pop()
        total += len(items)
        _count(total)
        for value in items:
            if type(value) in _HOLDERS:
                todo += _held(value)


_HOLDERS = frozenset((List, Tuple, Dict, FigureData))


def _held(value: Value) -> list[tuple[Value, ...]]:
    if isinstance(value, List | Tuple):
        return [value.items]
    if isinstance(value, Dict):
        return [value.keys, value.values]
    if isinstance(value, FigureData):
        return [(line.x, line.y) for axes in value.axes for line in axes.lines]
    return []


def _count(items: int) -> None:
    if items > MAX_ITEMS:
        raise WireError(f"it has more than {MAX_ITEMS:,} items")


def decode(value: Value, callback: Callable[[int], Callable[..., Any]] | None = None) -> Any:
    """Return the Python value of wire data; arrays are fresh and writable.

    `callback` turns a reference's id into a callable (worker only). Figures come
    back with ndarrays in their lines; blueprints and opaque values as they are.
    Raises WireError on sizes or dtypes that do not fit.
    """
    if value is None or type(value) in (bool, int, float, str):  # of these there may be very many
        return value
    if isinstance(value, Array):
        return _ndarray(value.dtype, value.shape, value.data)
    if isinstance(value, Scalar):
        return _ndarray(value.dtype, (), value.data)[()]
    if isinstance(value, Integer):
        if not _HEXADECIMAL.fullmatch(value.text):
            raise WireError("an integer is malformed or has more than 1000 hexadecimal digits")
        return int(value.text, 16)
    if isinstance(value, List):
        return [decode(item, callback) for item in value.items]
    if isinstance(value, Tuple):
        return tuple(decode(item, callback) for item in value.items)
    if isinstance(value, Dict):
        keys = [decode(key, callback) for key in value.keys]
        try:
            if max(Counter(map(hash, keys)).values(), default=0) > MAX_EQUAL_HASHES:
                raise WireError("too many keys of a dictionary have the same hash")
            return dict(zip(keys, (decode(item, callback) for item in value.values), strict=True))
        except (TypeError, ValueError) as error:
            raise WireError(f"a dictionary is malformed: {error}") from None
    if isinstance(value, Reference):
        if callback is None:
            raise WireError("a reference is not allowed here")
        return callback(value.id)
    if isinstance(value, Object | Generator):
        if callback is None:
            raise WireError("an object that belongs to the judge is not allowed here")
        return _generator(value.seed) if isinstance(value, Generator) else _Object(value, callback)
    if isinstance(value, FigureData):
        return FigureData(value.title, tuple(_axes(axes) for axes in value.axes))
    return value


class _Object:
    """A stand-in as learner code sees it."""

    def __init__(self, given: Object, callback: Callable[[int], Callable[..., Any]]) -> None:
        self.__dict__.update({name: decode(item, callback) for name, item in given.attributes.items()})
        self.__dict__.update({name: callback(id_) for name, id_ in given.methods.items()})
        self._given = given


def _generator(seed: int) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng(seed)


def _axes(axes: AxesData) -> AxesData:
    lines = tuple(LineData(line.label, decode(line.x), decode(line.y)) for line in axes.lines)
    return AxesData(axes.title, axes.xlabel, axes.ylabel, axes.legend, lines)


def _ndarray(dtype: str, shape: tuple[int, ...], data: bytes) -> np.ndarray:
    import numpy as np

    if dtype not in _DTYPES:
        raise WireError(f"the dtype {dtype!r} is not supported")
    kind = np.dtype(dtype).newbyteorder("<")
    if len(shape) > 32 or any(n < 0 for n in shape) or math.prod(shape) * kind.itemsize != len(data):
        raise WireError("the shape of an array does not match its size in bytes")
    array = np.frombuffer(data, dtype="uint8" if dtype == "bool" else kind)
    try:
        # to bool by value: a byte other than 0 and 1 would be a truth of its own kind
        return array.reshape(shape).astype(dtype)
    except (ValueError, OverflowError):  # no bytes, and an astronomic shape
        raise WireError("the shape of an array is too large") from None
