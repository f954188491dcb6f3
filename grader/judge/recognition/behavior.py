"""Record what a function did in a test, and compare the records of two functions.

The wording of errors, the order of independent calls, the names of layers and the
last digits of floats are style. Everything else is behavior.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from grader.judge.wire import messages as m
from grader.judge.wire.stand_in import StandIn
from grader.judge.wire.tables import Column, Frame, Series, columns_of
from grader.judge.wire.values import (
    Array,
    Blueprint,
    Dict,
    FigureData,
    Integer,
    LineData,
    List,
    Opaque,
    Scalar,
    Tuple,
    Value,
    Wire,
    WireError,
    decode,
    encode,
)

_FREE = re.compile(
    r"'[^']*'|\"[^\"]*\"|[0-9.]+"
)  # the parts of an error's text that depend on the case at hand


class Fingerprint(Wire, frozen=True):
    """A Keras model reduced to its behavior: its sizes, its outputs with given weights, and its training.

    `weights` holds the shapes of the weights. `answers` is None if the judge cannot compute
    the model; without `weights`, it does not even build it. `token` is the optimizer token of
    the Blueprint.
    """

    input_shape: tuple[int | None, ...]
    weights: tuple[tuple[int, ...], ...]
    answers: Array | None
    loss: str
    optimizer: str
    learning_rate: float
    token: int | None


class ObservedError(Struct, frozen=True):
    """An exception: the name of its nearest built-in class, and its text without numbers and quotes."""

    kind: str
    text: str


class CallbackCall(Struct, frozen=True):
    """One call that learner code made to a callable of the judge. `callee` names the callable."""

    callee: str
    arguments: dict[str, Value]


class Given(Struct, frozen=True):
    """One argument of a call. `digest` is "" if the argument cannot be compared, such as a callable."""

    digest: str
    lengths: tuple[int, ...] = ()


class Observed(Struct, frozen=True, kw_only=True):
    """One call of a learner's function: its result or error, and its side effects.

    `given` are the arguments by name; `changed` names the modified ones; `callbacks`
    are the calls to callables of the judge.
    """

    function: str
    given: dict[str, Given] = {}
    value: Value | Fingerprint = None
    error: ObservedError | None = None
    changed: tuple[str, ...] = ()
    callbacks: tuple[CallbackCall, ...] = ()
    printed: bool = False


class Likeness(NamedTuple):
    """The agreement of two series of calls. `sure` is False if the agreement may be a coincidence."""

    same: bool
    sure: bool


def record_callback(number: int, function: Callable[..., Any], callback: m.Callback) -> CallbackCall | None:
    """Record a call to one of the test's callables, or return None if the callable is marked as free.

    `number` is the callable's index in the current call of the learner's function.
    """
    if getattr(function, "free", False):
        return None
    owner = getattr(function, "__self__", None)
    name = f"{owner}.{function.__name__}" if isinstance(owner, StandIn) else str(number)
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*callback.args, **callback.kwargs)
    except (TypeError, ValueError):
        return CallbackCall(f"{name}, with invalid arguments", {})
    arguments: dict[str, Value] = {}
    chosen: frozenset[str] = getattr(function, "free_arguments", frozenset())
    for parameter in signature.parameters.values():
        open_ended = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if not open_ended and parameter.name not in chosen:
            key = parameter.name
            passed = key in bound.arguments
            arguments[key] = bound.arguments[key] if passed else encode(parameter.default)
    return CallbackCall(name, arguments)


def record_argument(value: Any) -> Given:
    """Record an argument before the call."""
    data = msgspec.msgpack.encode(encode(value, reference=lambda _: 0))
    known = b"Opaque" not in data and b"Reference" not in data and b"Object" not in data
    digest = hashlib.blake2b(data, digest_size=16).hexdigest() if known else ""
    lengths = np.shape(value) if isinstance(value, np.ndarray) else ()
    return Given(digest, (len(value),) if isinstance(value, str | list | tuple | dict) else lengths)


def record_call(
    function: str,
    reply: m.Returned | m.Raised,
    changed: tuple[str, ...],
    callbacks: Iterable[CallbackCall],
    given: dict[str, Given] | None = None,
) -> Observed:
    """Record a call that returned or raised."""
    call = Observed(
        function=function,
        given=given or {},
        changed=changed,
        callbacks=tuple(callbacks),
        printed=bool(reply.printed.strip()),
    )
    if isinstance(reply, m.Returned):
        return replace(call, value=reply.value)
    kind = reply.bases[0] if reply.bases else ""
    return replace(call, error=ObservedError(kind, _FREE.sub("…", reply.text)))


def record_rejected_call(
    function: str, callbacks: Iterable[CallbackCall], given: dict[str, Given] | None = None
) -> Observed:
    """Record a call during which one of the test's own callables raised an AssertionError."""
    error = ObservedError("AssertionError of the test", "")
    return Observed(function=function, given=given or {}, error=error, callbacks=tuple(callbacks))


def with_fingerprints(call: Observed, fingerprint: Callable[[Blueprint], Fingerprint]) -> Observed:
    """Return the call with its models replaced by fingerprints."""
    return replace(call, value=_replace_models(call.value, fingerprint))


def _replace_models(value: Any, fingerprint: Callable[[Blueprint], Fingerprint]) -> Any:
    if isinstance(value, Blueprint):
        return fingerprint(value)
    if isinstance(value, List | Tuple):
        return type(value)(tuple(_replace_models(item, fingerprint) for item in value.items))
    if isinstance(value, Dict):
        return Dict(value.keys, tuple(_replace_models(item, fingerprint) for item in value.values))
    return value


def compare(one: Sequence[Observed], other: Sequence[Observed]) -> Likeness:
    """Compare two series of calls of one test, after `with_fingerprints`."""
    tokens = [[_tokens(call.value) for call in calls] for calls in (one, other)]
    if len(one) != len(other) or _pattern(tokens[0]) != _pattern(tokens[1]):
        return Likeness(False, False)
    likenesses = [_compare_calls(a, b) for a, b in zip(one, other, strict=True)]
    return Likeness(all(each.same for each in likenesses), any(each.sure for each in likenesses))


def _compare_calls(one: Observed, other: Observed) -> Likeness:
    if (one.function, one.changed) != (other.function, other.changed):
        return Likeness(False, False)
    if not same_callbacks(one.callbacks, other.callbacks):
        return Likeness(False, False)
    if one.error is not None and other.error is not None:
        # the same class alone may be a coincidence: many mistakes raise a ValueError
        return Likeness(one.error.kind == other.error.kind, bool(one.callbacks) or one.error == other.error)
    if one.error is not None or other.error is not None:
        return Likeness(False, False)
    return Likeness(same(one.value, other.value), _kinds(one.value) == _kinds(other.value))


def same_callbacks(one: Iterable[CallbackCall], other: Iterable[CallbackCall]) -> bool:
    """Return True if each callable was called with the same arguments in the same order."""
    ours, theirs = (_by_name(each) for each in (one, other))
    return ours.keys() == theirs.keys() and all(
        len(ours[name]) == len(theirs[name])
        and all(_same_mapping(a, b) for a, b in zip(ours[name], theirs[name], strict=True))
        for name in ours
    )


def _by_name(calls: Iterable[CallbackCall]) -> dict[str, list[dict[str, Value]]]:
    ordered = sorted(calls, key=lambda call: call.callee)  # stable: keeps the order within a name
    return {
        name: [c.arguments for c in some] for name, some in groupby(ordered, key=lambda call: call.callee)
    }


def same(one: Any, other: Any) -> bool:
    """Return True if two values are equal, apart from style and the last digits of floats.

    Lists and tuples are interchangeable, as are integers and floats of the same
    value, and Python's and numpy's bools. The lines of a figure may have any order and any label.
    """
    if _is_bool(one) and _is_bool(other):
        return bool(decode(one) == decode(other))
    if _is_number(one) and _is_number(other):
        return _close(np.asarray(decode(one)), np.asarray(decode(other)))
    if isinstance(one, List | Tuple) and isinstance(other, List | Tuple):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    if type(one) is not type(other):
        return False
    if isinstance(one, Array):
        return one.shape == other.shape and _close(decode(one), decode(other))
    if isinstance(one, Dict):
        return _same_dict(one, other)
    if isinstance(one, Frame | Series):
        return _same_tables(one, other)
    if isinstance(one, FigureData):
        return _same_lines(_lines(one), _lines(other))
    if isinstance(one, Fingerprint):
        return _same_models(one, other)
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Integer | Scalar) and not isinstance(value, bool)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, Scalar) and value.dtype == "bool")


def _close(one: np.ndarray, other: np.ndarray, rtol: float = 1e-4, atol: float = 1e-6) -> bool:
    if (one.dtype.kind == "b") != (other.dtype.kind == "b"):
        return False
    try:
        return bool(np.allclose(one, other, rtol=rtol, atol=atol, equal_nan=True))
    except TypeError:  # ints of more than 64 bits have dtype object
        return bool(np.array_equal(one, other))


def _same_mapping(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)


def _same_dict(one: Dict, other: Dict) -> bool:
    try:
        ours, theirs = (dict(zip(map(decode, d.keys), d.values, strict=True)) for d in (one, other))
    except (TypeError, ValueError, WireError):
        return False
    return _same_mapping(ours, theirs)


def _same_tables(one: Frame | Series, other: Frame | Series) -> bool:
    ours, theirs = columns_of(one), columns_of(other)
    return len(ours) == len(theirs) and all(map(_same_columns, ours, theirs))


def _same_columns(one: Column, other: Column) -> bool:
    if isinstance(one.values, Array) and isinstance(other.values, Array):
        return same(one.values, other.values)
    return one.values == other.values


def _lines(figure: FigureData) -> list[LineData]:
    return [line for axes in figure.axes for line in axes.lines]


def _same_lines(one: list[LineData], other: list[LineData]) -> bool:
    """Return True if every line has an equal in the other figure. Extra unlabeled lines are ignored."""

    def alike(a: LineData, b: LineData) -> bool:
        return bool(a.label) == bool(b.label) and same(a.x, b.x) and same(a.y, b.y)

    def covers(some: list[LineData], others: list[LineData]) -> bool:
        required = [line for line in others if line.label] or others
        return all(any(alike(line, mine) for mine in some) for line in required)

    return covers(one, other) and covers(other, one)


def _same_models(one: Fingerprint, other: Fingerprint) -> bool:
    if one.answers is None or other.answers is None:
        same_answers = one.answers is other.answers and bool(
            one.weights
        )  # the same model fails on its inputs
    else:
        same_answers = close_answers(one.answers, other.answers)
    return (
        same_answers
        and (one.input_shape, one.weights, one.loss, one.optimizer)
        == (other.input_shape, other.weights, other.loss, other.optimizer)
        and bool(np.isclose(one.learning_rate, other.learning_rate, rtol=1e-4))
    )


def close_answers(one: Array, other: Array) -> bool:
    """Return True if the outputs of two models are the same, apart from the last digits."""
    ours, theirs = decode(one), decode(other)
    return (
        ours.shape == theirs.shape
        and bool(np.isfinite(ours).all())
        and _close(ours, theirs, rtol=1e-3, atol=1e-4)
    )


def _tokens(value: Any) -> tuple[int, ...]:
    if isinstance(value, Fingerprint):
        return () if value.token is None else (value.token,)
    if isinstance(value, List | Tuple):
        return tuple(token for item in value.items for token in _tokens(item))
    return ()


def _pattern(tokens: Sequence[tuple[int, ...]]) -> list[int]:
    """Return for each optimizer token the position of its first occurrence."""
    flat = [token for some in tokens for token in some]
    return [flat.index(token) for token in flat]


def _kinds(value: Any) -> Any:
    """Return the kinds of numbers in a value: integer, float or bool.

    Values that are equal and also have equal kinds are unlikely to agree by coincidence.
    """
    if isinstance(value, Array | Scalar):
        return np.dtype(value.dtype).kind.replace("u", "i")
    if isinstance(value, List | Tuple):
        return tuple(Counter(map(_kinds, value.items)).items())
    if isinstance(value, Opaque):
        return value.type
    return {int: "i", float: "f", Integer: "i", bool: "b"}.get(type(value), type(value).__name__)
