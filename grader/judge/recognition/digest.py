"""Digest what a function did in its failed tests, so that equal behavior is found across a class.

Digests are equal for values that `behavior.same` takes as equal, but for rare cases: numbers are
rounded, and two close numbers may be rounded apart. A digest shows nothing of the values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from grader.judge.recognition.behavior import CallbackCall, Fingerprint, Observed
from grader.judge.wire.tables import Column, Frame, Series, columns_of
from grader.judge.wire.values import (
    Array,
    Dict,
    FigureData,
    Integer,
    List,
    Opaque,
    Scalar,
    Tuple,
    decode,
)

FEW = 16  # numbers that are rounded one by one; of more, weighted sums are
_SUMS = 4
_STEP, _MODEL_STEP = 1e-3, 1e-2  # relative to the largest number
_TINY = 1e-6  # smaller numbers are zero, as for `behavior.same`
# keep common numbers, such as 1 or 0.5, away from the limits between two roundings
_OFFSET, _FACTOR = 0.2371, 1.3717


def digest(calls_by_test: Iterable[tuple[str, Sequence[Observed]]]) -> str:
    """Return a digest of the calls of each test, after `behavior.with_fingerprints`."""
    canonical = [(test, [_call(call) for call in calls]) for test, calls in calls_by_test]
    text = blake2b(msgspec.msgpack.encode(canonical), digest_size=8).hexdigest()
    return f"g{text}"  # digits alone would be a number in YAML


def _call(call: Observed) -> list[Any]:
    error = None if call.error is None else [call.error.kind, call.error.text]
    # the order of calls to one callable is behavior, but not that among callables
    callbacks = sorted(call.callbacks, key=lambda each: each.callee)
    return [call.function, list(call.changed), error, _value(call.value), [_callback(c) for c in callbacks]]


def _callback(call: CallbackCall) -> list[Any]:
    return [call.callee, [[name, _value(call.arguments[name])] for name in sorted(call.arguments)]]


def _value(value: Any) -> Any:
    """Return plain data that is equal for values that are the same."""
    match value:
        case None | bool() | str():
            return value
        case Scalar(dtype="bool"):
            return bool(decode(value))
        case int() | float() | Scalar() | Integer():
            return ["number", _number(value)]
        case Array():
            return ["array", list(value.shape), _numbers(decode(value), _STEP)]
        case List() | Tuple():
            return [_value(item) for item in value.items]
        case Dict():
            pairs = [[_value(key), _value(item)] for key, item in zip(value.keys, value.values, strict=True)]
            return ["dict", sorted(pairs, key=msgspec.msgpack.encode)]
        case Frame() | Series():
            return ["table", *map(_column, columns_of(value))]
        case FigureData():
            lines = [line for axes in value.axes for line in axes.lines]
            kept = [line for line in lines if line.label] or lines
            shown = [[bool(line.label), _value(line.x), _value(line.y)] for line in kept]
            return ["figure", sorted(shown, key=msgspec.msgpack.encode)]
        case Fingerprint():
            return _model(value)
        case Opaque():
            return ["opaque", value.type]
    return ["other", type(value).__name__, blake2b(msgspec.msgpack.encode(value), digest_size=8).digest()]


def _column(column: Column) -> Any:
    return _value(column.values) if isinstance(column.values, Array) else [*column.values]


def _model(model: Fingerprint) -> list[Any]:
    rate = _numbers(np.asarray(model.learning_rate), _STEP)
    answers = None if model.answers is None else _numbers(decode(model.answers), _MODEL_STEP)
    shapes = [list(shape) for shape in model.weights]
    return ["model", list(model.input_shape), shapes, model.loss, model.optimizer, rate, answers]


def _number(value: Any) -> Any:
    number = np.asarray(decode(value))
    # an int of more than 64 bits becomes an object
    return str(number) if number.dtype.kind == "O" else _numbers(number, _STEP)


def _numbers(array: np.ndarray, step: float) -> Any:
    """Return the numbers of an array, rounded to steps relative to the largest one."""
    if array.dtype.kind not in "biufc":
        return blake2b(array.tobytes(), digest_size=8).digest()
    if array.dtype.kind == "b":
        return ["bool", blake2b(array.tobytes(), digest_size=8).digest()]
    flat = np.ravel(array)
    parts = [flat.real, flat.imag] if flat.dtype.kind == "c" else [flat]
    return [_rounded(part.astype(np.float64), step) for part in parts]


def _rounded(numbers: np.ndarray, step: float) -> list[Any]:
    finite = np.isfinite(numbers)
    special = [[int(at), str(numbers[at])] for at in np.flatnonzero(~finite)[:FEW]]
    numbers = np.where(finite, numbers, 0.0)
    largest = float(np.max(np.abs(numbers), initial=0.0))
    if largest < _TINY:
        return [special, "zero"]
    size = math.floor(math.log10(largest) + math.log10(_FACTOR))
    scaled = numbers / 10.0**size
    if len(scaled) > FEW:
        places = np.arange(1, len(scaled) + 1)
        weights = [np.cos(places * math.sqrt(number)) for number in (2, 3, 5, 7)[:_SUMS]]
        scaled = np.array([float(scaled @ each) / math.sqrt(len(scaled)) for each in weights])
    steps = np.floor(scaled / step + _OFFSET)
    return [special, size, [int(each) for each in steps]]
