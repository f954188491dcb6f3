"""The values that judge and worker can exchange.

A value is plain data or one of the structs below. msgspec rejects every other
tag, type or field while decoding. `encode` runs on both sides and turns any other
value into `Opaque`, which holds only the name of its type. Pickle is never used.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Union

import msgspec

from grader.judge.wire.arrays import DTYPES, decode_array, encode_array
from grader.judge.wire.arrays import MAX_MESSAGE as MAX_MESSAGE  # this module has all values and limits
from grader.judge.wire.arrays import Array as Array
from grader.judge.wire.arrays import Wire as Wire
from grader.judge.wire.arrays import WireError as WireError
from grader.judge.wire.arrays import too_large as too_large
from grader.judge.wire.stand_in import Draws, StandIn
from grader.judge.wire.tables import Frame, NotSent, Series, decode_table, encode_table

if TYPE_CHECKING:
    import numpy as np

MAX_DEPTH = 50
MAX_ITEMS = 1_000_000  # items in all lists, tuples and dictionaries of one message
MAX_NAME = 100  # characters
MAX_REPORTED = 20  # draws that a watched generator reports
MAX_CHOICES = 1000  # items of such a draw
TABLE_OF = "table with "  # an `Opaque` names tables with unsupported dtypes like this
MAX_EQUAL_HASHES = 100  # keys per dictionary with the same hash; building it takes quadratic time in them
MAX_DIGITS = 1_200  # decimal digits that an int can always have: 1,000 hexadecimal digits are a few more
_HEXADECIMAL = re.compile(r"-?[0-9a-f]{1,1000}")


class Scalar(Wire, frozen=True):
    """A numpy scalar."""

    dtype: str
    data: bytes


class Integer(Wire, frozen=True):
    """An int of more than 64 bits, in hexadecimal."""

    text: str


class List(Wire, frozen=True):
    """A list."""

    items: tuple[Value, ...]


class Tuple(Wire, frozen=True):
    """A tuple or a NamedTuple."""

    items: tuple[Value, ...]


class Set(Wire, frozen=True):
    """A set or frozenset. Equal sets have their items in the same order."""

    items: tuple[Value, ...]
    frozen: bool = False


class Dict(Wire, frozen=True):
    """A dictionary, its keys and values in the same order."""

    keys: tuple[Value, ...]
    values: tuple[Value, ...]


class Reference(Wire, frozen=True):
    """A callable that stays in the judge. The worker sends a `Callback` to call it."""

    id: int


class Object(Wire, frozen=True):
    """A stand-in that stays in the judge: its methods as reference ids, and its attributes as values."""

    methods: dict[str, int]
    attributes: dict[str, Value]


class Generator(Wire, frozen=True):
    """A `numpy.random.Generator` that the worker creates from `seed`. Tests pass it as an argument.

    `watch` is called with the items, the probabilities and the result of the first draws.
    """

    seed: int
    watch: Reference | None = None


class LineData(Wire, frozen=True):
    """One line of a plot: its label and its x and y data."""

    label: str
    x: Value
    y: Value


class AxesData(Wire, frozen=True):
    """One pair of axes. `legend` holds the legend's texts, or None if there is no legend."""

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
    """A Keras model as data: its configurations in JSON and its weights as arrays.

    `optimizer` is a token: two models with the same token share one optimizer object.
    `owners` are the tokens of the model and of all its layers that have weights.
    `steps` is the number of training steps that this optimizer has made. `functions` holds
    the values of functions that are not Keras's own on the inputs of `wire.grids`; the
    configurations refer to them by index. None stands for a function that failed there.
    """

    kind: str
    config: str
    compiled: str | None
    input_shape: tuple[int | None, ...]
    weights: tuple[Array, ...]
    optimizer: int | None
    steps: int = 0
    functions: tuple[Array | None, ...] = ()
    owners: tuple[int, ...] = ()


Reason = Literal["", "custom_model", "unbuilt_model", "custom_parts", "unsendable", "not_eager"]


class Opaque(Wire, frozen=True):
    """A value that cannot be sent. `type` is the name of its type, as the worker reports it."""

    type: str
    reason: Reason = ""


Value = Union[  # noqa: UP007  (msgspec resolves the names later)
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
    Set,
    Dict,
    Frame,
    Series,
    Reference,
    Object,
    Generator,
    FigureData,
    Blueprint,
    Opaque,
]


def type_name(value: object) -> str:
    """Return the name of a value's type, cut to MAX_NAME characters."""
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

    `reference` returns the id of a callable; only the judge passes it. `convert`
    converts further types, such as models and figures, or returns None; only the
    worker passes it. `depth` is the current nesting. Raises WireError beyond
    MAX_DEPTH or MAX_ITEMS.
    """
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested more than {MAX_DEPTH} levels deep")
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value  # type: ignore[no-any-return]
    if kind is int:
        return value if -(2**63) <= value < 2**64 else Integer(f"{value:x}")
    if kind in (list, dict, set, frozenset) or isinstance(value, tuple):
        # checked first, because walking very many items would take too long
        _count(len(value))

    def inner(item: Any) -> Value:
        return encode(item, reference, convert, depth + 1)

    if kind is list:
        return List(tuple(map(inner, value)))
    if isinstance(value, tuple):  # a NamedTuple counts as a tuple
        return Tuple(tuple(map(inner, value)))
    if kind in (set, frozenset):
        return Set(tuple(sorted(map(inner, value), key=_canonical)), kind is frozenset)
    if kind is dict:
        return Dict(tuple(map(inner, value)), tuple(map(inner, value.values())))
    numpy = sys.modules.get("numpy")  # if it is not imported, the value is not from numpy
    if numpy is not None:
        if kind is numpy.ndarray:
            return (
                encode_array(value) if value.dtype.name in DTYPES else Opaque(f"array of {value.dtype.name}")
            )
        if isinstance(value, numpy.generic):
            plain = numpy.asarray(value)
            if plain.dtype.name in DTYPES:
                return Scalar(plain.dtype.name, encode_array(plain).data)
    try:
        if (table := encode_table(value)) is not None:
            return table
    except NotSent as not_sent:
        return Opaque(f"{TABLE_OF}{not_sent}"[:MAX_NAME])
    if convert is not None and (converted := convert(value)) is not None:
        return converted
    if reference is not None:
        if isinstance(value, StandIn):
            methods = {name: reference(method) for name, method in value.methods.items()}
            return Object(methods, {name: inner(item) for name, item in value.attributes.items()})
        if isinstance(value, Draws):
            return Generator(value.seed, Reference(reference(value.report)))
        if kind is Generator:
            return value  # type: ignore[no-any-return]
        if callable(value):
            return Reference(reference(value))
    return Opaque(type_name(value))


def _canonical(item: Value) -> bytes:
    try:
        return msgspec.msgpack.encode(item)
    except UnicodeEncodeError:
        raise WireError("it contains text that is not valid Unicode") from None


def _count(items: int) -> None:
    if items > MAX_ITEMS:
        raise WireError(f"it has more than {MAX_ITEMS:,} items")


def decode(value: Value, callback: Callable[[int], Callable[..., Any]] | None = None) -> Any:
    """Return the Python value of wire data. Arrays are new and writable.

    `callback` turns a reference's id into a callable; only the worker passes it.
    The lines of figures hold ndarrays. Blueprints and opaque values are returned
    unchanged. Raises WireError if sizes or dtypes do not match, if a dictionary
    is malformed, or if a reference arrives without `callback`.
    """
    if value is None or type(value) in (bool, int, float, str):  # the fast path for very many items
        return value
    if isinstance(value, Array):
        return decode_array(value.dtype, value.shape, value.data)
    if isinstance(value, Scalar):
        return decode_array(value.dtype, (), value.data)[()]
    if isinstance(value, Integer):
        if not _HEXADECIMAL.fullmatch(value.text):
            raise WireError(f"it contains a whole number of more than {MAX_DIGITS:,} digits")
        return int(value.text, 16)
    if isinstance(value, List):
        return [decode(item, callback) for item in value.items]
    if isinstance(value, Tuple):
        return tuple(decode(item, callback) for item in value.items)
    if isinstance(value, Set):
        items = [decode(item, callback) for item in value.items]
        try:
            _check_hashes(items, "items of a set")
            return frozenset(items) if value.frozen else set(items)
        except TypeError as error:
            raise WireError(f"a set is malformed: {error}") from None
    if isinstance(value, Frame | Series):
        return decode_table(value)
    if isinstance(value, Dict):
        keys = [decode(key, callback) for key in value.keys]
        try:
            _check_hashes(keys, "keys of a dictionary")
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
        if isinstance(value, Object):
            return _Object(value, callback)
        return _generator(value.seed, None if value.watch is None else callback(value.watch.id))
    if isinstance(value, FigureData):
        return FigureData(value.title, tuple(_axes(axes) for axes in value.axes))
    return value


def _check_hashes(keys: list[Any], what: str) -> None:
    if max(Counter(map(hash, keys)).values(), default=0) > MAX_EQUAL_HASHES:
        raise WireError(f"too many {what} have the same hash")


class _Object:
    """A stand-in as learner code receives it."""

    def __init__(self, original: Object, callback: Callable[[int], Callable[..., Any]]) -> None:
        self.__dict__.update({name: decode(item, callback) for name, item in original.attributes.items()})
        self.__dict__.update({name: callback(id_) for name, id_ in original.methods.items()})
        self._original = original

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the object that the tests pass has no {name}")


def _generator(seed: int, watch: Callable[..., Any] | None = None) -> np.random.Generator:
    import numpy as np

    if watch is None:
        return np.random.default_rng(seed)
    left = MAX_REPORTED

    def report(items: Any, p: Any, drawn: Any) -> None:
        nonlocal left
        items, p = np.asarray(items), np.asarray(p, dtype=np.float64)
        if left > 0 and items.shape == p.shape and p.ndim == 1 and p.size <= MAX_CHOICES:
            left -= 1
            watch(items.tolist(), p.tolist(), np.asarray(drawn).item())

    class Watched(np.random.Generator):
        """A generator that draws what the one of the same seed draws."""

        def choice(
            self,
            a: Any,
            size: Any = None,
            replace: Any = True,
            p: Any = None,
            axis: Any = 0,
            shuffle: Any = True,
        ) -> Any:
            drawn = super().choice(a, size, replace, p, axis, shuffle)
            if p is not None and np.size(drawn) == 1:
                report(np.arange(a) if np.ndim(a) == 0 else a, p, drawn)
            return drawn

        def multinomial(self, n: Any, pvals: Any, size: Any = None) -> Any:
            drawn = super().multinomial(n, pvals, size)
            if np.ndim(n) == 0 and n == 1 and np.size(drawn) == np.size(pvals):
                report(np.arange(np.size(pvals)), pvals, np.argmax(drawn))
            return drawn

    return Watched(np.random.PCG64(seed))


def _axes(axes: AxesData) -> AxesData:
    lines = tuple(LineData(line.label, decode(line.x), decode(line.y)) for line in axes.lines)
    return AxesData(axes.title, axes.xlabel, axes.ylabel, axes.legend, lines)
