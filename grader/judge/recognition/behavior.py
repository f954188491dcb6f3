"""What a function did in a test, as data, and whether two functions did the same.

The wording of errors, the order of free things, the names of layers and the
last digits of floats are style; what is left is behaviour.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from grader.judge.wire import messages as m
from grader.judge.wire.stand_in import StandIn
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

_FREE = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9.]+")  # what an error's text says of its own case


class Fingerprint(Wire, frozen=True):
    """What a Keras model is to those who use it: its sizes, its answers under given weights, its training.

    `optimizer` is the token of Blueprint; `answers` is None for a model that the judge does not build.
    """

    input_shape: tuple[int | None, ...]
    weights: tuple[tuple[int, ...], ...]
    answers: Array | None
    loss: str
    optimizer: str
    learning_rate: float
    token: int | None


class ObservedError(Struct, frozen=True):
    """The nearest built-in class of an exception, and its text without numbers and quoted words."""

    kind: str
    text: str


class CallbackCall(Struct, frozen=True):
    """One call of something that belongs to the judge; `of` says of what."""

    of: str
    arguments: dict[str, Value]


class Observed(Struct, frozen=True, kw_only=True):
    """One call of a learner's function: what came back, and what it did meanwhile."""

    function: str
    value: Value | Fingerprint = None
    error: ObservedError | None = None
    changed: tuple[str, ...] = ()
    asked: tuple[CallbackCall, ...] = ()


class Likeness(NamedTuple):
    """How far two series of calls agree. `same` alone may be chance; `sure` is not."""

    same: bool
    sure: bool


def record_callback(number: int, function: Callable[..., Any], what: m.Callback) -> CallbackCall | None:
    """Return the record of a call to one of the test's callables; None if it is free."""
    if getattr(function, "free", False):
        return None
    owner = getattr(function, "__self__", None)
    name = f"{owner}.{function.__name__}" if isinstance(owner, StandIn) else str(number)
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*what.args, **what.kwargs)
    except (TypeError, ValueError):
        return CallbackCall(f"{name}, wrongly", {})
    arguments: dict[str, Value] = {}
    for parameter in signature.parameters.values():
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            given = parameter.name in bound.arguments
            arguments[parameter.name] = (
                bound.arguments[parameter.name] if given else encode(parameter.default)
            )
    return CallbackCall(name, arguments)


def observed(
    function: str, reply: m.Returned | m.Raised, changed: tuple[str, ...], asked: Iterable[CallbackCall]
) -> Observed:
    """Return the record of a call that came to an end."""
    if isinstance(reply, m.Returned):
        return Observed(function=function, value=reply.value, changed=changed, asked=tuple(asked))
    kind = reply.bases[0] if reply.bases else ""
    error = ObservedError(kind, _FREE.sub("…", reply.text))
    return Observed(function=function, error=error, changed=changed, asked=tuple(asked))


def record_rejected_call(function: str, asked: Iterable[CallbackCall]) -> Observed:
    """Return the record of a call in which one of the test's own callables was not content."""
    return Observed(
        function=function, error=ObservedError("AssertionError of the test", ""), asked=tuple(asked)
    )


def fingerprinted(call: Observed, fingerprint: Callable[[Blueprint], Fingerprint]) -> Observed:
    """Return the call with its models as fingerprints."""
    return replace(call, value=_fingerprinted(call.value, fingerprint))


def _fingerprinted(value: Any, fingerprint: Callable[[Blueprint], Fingerprint]) -> Any:
    if isinstance(value, Blueprint):
        return fingerprint(value)
    if isinstance(value, List | Tuple):
        return type(value)(tuple(_fingerprinted(item, fingerprint) for item in value.items))
    if isinstance(value, Dict):
        return Dict(value.keys, tuple(_fingerprinted(item, fingerprint) for item in value.values))
    return value


def compare(one: Sequence[Observed], other: Sequence[Observed]) -> Likeness:
    """Compare two series of calls of one test, their models fingerprinted."""
    tokens = [[_tokens(call.value) for call in calls] for calls in (one, other)]
    if len(one) != len(other) or _pattern(tokens[0]) != _pattern(tokens[1]):
        return Likeness(False, False)
    found = [_call(a, b) for a, b in zip(one, other, strict=True)]
    return Likeness(all(each.same for each in found), any(each.sure for each in found))


def _call(one: Observed, other: Observed) -> Likeness:
    if (one.function, one.changed) != (other.function, other.changed):
        return Likeness(False, False)
    if not _same_asked(one.asked, other.asked):
        return Likeness(False, False)
    if one.error is not None and other.error is not None:
        # many things raise a ValueError
        return Likeness(one.error.kind == other.error.kind, bool(one.asked) or one.error == other.error)
    if one.error is not None or other.error is not None:
        return Likeness(False, False)
    return Likeness(same(one.value, other.value), _kinds(one.value) == _kinds(other.value))


def _same_asked(one: Iterable[CallbackCall], other: Iterable[CallbackCall]) -> bool:
    """Each of the judge's things was called with the same arguments, in its own order."""
    ours, theirs = (_by_name(each) for each in (one, other))
    return ours.keys() == theirs.keys() and all(
        len(ours[name]) == len(theirs[name])
        and all(_same_mapping(a, b) for a, b in zip(ours[name], theirs[name], strict=True))
        for name in ours
    )


def _by_name(calls: Iterable[CallbackCall]) -> dict[str, list[dict[str, Value]]]:
    ordered = sorted(calls, key=lambda call: call.of)  # stable: within a name the order stays
    return {name: [c.arguments for c in some] for name, some in groupby(ordered, key=lambda call: call.of)}


def same(one: Any, other: Any) -> bool:
    """Equal up to the last digits of floats; what a contract leaves free does not count.

    A list, a tuple and a NamedTuple are alike, and so are whole numbers and floats
    of the same value; the lines of a figure may stand in any order, under any label.
    """
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
    if isinstance(one, FigureData):
        return _same_lines(_lines(one), _lines(other))
    if isinstance(one, Fingerprint):
        return _same_models(one, other)
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Integer | Scalar) and not isinstance(value, bool)


def _close(one: np.ndarray, other: np.ndarray, rtol: float = 1e-4, atol: float = 1e-6) -> bool:
    if (one.dtype.kind == "b") != (other.dtype.kind == "b"):
        return False
    try:
        return bool(np.allclose(one, other, rtol=rtol, atol=atol, equal_nan=True))
    except TypeError:  # an int of more than 64 bits is an object
        return bool(np.array_equal(one, other))


def _same_mapping(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)


def _same_dict(one: Dict, other: Dict) -> bool:
    try:
        ours, theirs = (dict(zip(map(decode, d.keys), d.values, strict=True)) for d in (one, other))
    except (TypeError, ValueError, WireError):
        return False
    return _same_mapping(ours, theirs)


def _lines(figure: FigureData) -> list[LineData]:
    return [line for axes in figure.axes for line in axes.lines]


def _same_lines(one: list[LineData], other: list[LineData]) -> bool:
    """Each line of one has its like in the other; lines without a label may be extra."""

    def alike(a: LineData, b: LineData) -> bool:
        return bool(a.label) == bool(b.label) and same(a.x, b.x) and same(a.y, b.y)

    def covers(some: list[LineData], others: list[LineData]) -> bool:
        wanted = [line for line in others if line.label] or others
        return all(any(alike(line, mine) for mine in some) for line in wanted)

    return covers(one, other) and covers(other, one)


def _same_models(one: Fingerprint, other: Fingerprint) -> bool:
    if one.answers is None or other.answers is None:
        return False
    ours, theirs = (decode(each.answers) for each in (one, other))
    return (
        (one.input_shape, one.weights, one.loss, one.optimizer)
        == (other.input_shape, other.weights, other.loss, other.optimizer)
        and bool(np.isclose(one.learning_rate, other.learning_rate, rtol=1e-4))
        and ours.shape == theirs.shape
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
    """Return for each optimizer the position at which it was first seen."""
    flat = [token for some in tokens for token in some]
    return [flat.index(token) for token in flat]


def _kinds(value: Any) -> Any:
    """Return the kinds of numbers in a value: whole, float or bool; equal kinds make equal values sure."""
    if isinstance(value, Array | Scalar):
        return np.dtype(value.dtype).kind.replace("u", "i")
    if isinstance(value, List | Tuple):
        return tuple(Counter(map(_kinds, value.items)).items())
    if isinstance(value, Opaque):
        return value.type
    return {int: "i", float: "f", Integer: "i"}.get(type(value), type(value).__name__)
