"""What came of a call, and the aspects of it that a question can ask for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from msgspec import Struct

from grader.judge.wire.values import FigureData, Opaque

MAX_SHOWN = 6  # numbers
MAX_TEXT = 40  # characters
MAX_COMPARED = 100_000  # numbers of an array
UNKNOWN = (NameError.__name__, UnboundLocalError.__name__)


class ModelFacts(Struct, frozen=True):
    """What questions ask about a model."""

    weights: int
    output_shape: tuple[int | None, ...]
    input_shape: tuple[int | None, ...]


class Outcome(Struct, frozen=True):
    """What came of a call: a value, or the name of the built-in exception that was raised."""

    value: Any = None
    raised: str = ""

    @property
    def key(self) -> str:
        """A text that is equal for equal outcomes."""
        return f"raised {self.raised}" if self.raised else _key(self.value)


class Received(Struct, frozen=True):
    """A call of a callable argument: the parameter's name, and what was passed by position.

    Arrays are nested lists. `()` stands for what was not kept, such as a large array.
    """

    name: str
    given: tuple[Any, ...] = ()


class Case(Struct, frozen=True):
    """A call, as a question shows it, and what came of it. `received` is what callables were given."""

    text: str
    outcome: Outcome
    received: tuple[Received, ...] = ()


Shape = tuple[int | None, ...]


def agree(one: Outcome | None, other: Outcome | None) -> bool:
    """Return True if two outcomes are equal, but for rounding and the kind of numbers."""
    if one is None or other is None:
        return False
    return one.key == other.key or (not one.raised and not other.raised and _close(one.value, other.value))


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_close, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[name], other[name]) for name in one)
    try:
        return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=1e-6, atol=1e-9))
    except (TypeError, ValueError):
        return bool(one == other)


def aspects(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what can be asked about a result: phrase -> a shape, a number, a few numbers or a short text."""
    if len(names) == 1:
        return _aspects(value, "the result", names[0])
    if type(value) not in (tuple, list) or len(value) != len(names):
        return {}
    found: dict[str, Any] = {}
    for name, part in zip(names, value, strict=True):
        found |= _aspects(part, f"`{name}`", name)
    return found


def shown(value: Any) -> str | None:
    """Return a number, a few numbers, a shape or a short text as learners see it, or None."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return f"{_tidy(value):.4g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return f"`{value!r}`" if len(value) <= MAX_TEXT and value.isprintable() and "`" not in value else None
    if isinstance(value, list | tuple) and len(value) <= MAX_SHOWN:
        parts = [shown(each) for each in value]
        if all(isinstance(each, str) for each in parts):
            inner = ", ".join(map(str, parts)).replace("`", "")
            if isinstance(value, list):
                return f"[{inner}]"
            return f"({inner},)" if len(value) == 1 else f"({inner})"
    return None


def plain_number(value: Any) -> int | float | None:
    """Return a finite number without numpy's type, or None."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return _tidy(value)


def _tidy(value: float) -> int | float:
    """Return the whole number that a value misses by rounding alone, or the value."""
    near = round(value) if abs(value) < 1e9 else value
    return near if abs(value - near) < 1e-12 else value


def nested_numbers(value: Any) -> Any:
    """Return a small array, or a short list of numbers and arrays, as numbers in lists, or None."""
    if isinstance(value, np.ndarray) and value.ndim:
        numbers = few_numbers(value)
        return None if numbers is None else np.array(numbers, object).reshape(value.shape).tolist()
    if isinstance(value, list):
        parts = [nested_numbers(each) for each in value]
        return None if None in parts or _count(parts) > MAX_SHOWN else parts
    return plain_number(value)


def _count(value: Any) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1


def few_numbers(array: np.ndarray) -> Any:
    """Return the numbers of a small array, or None."""
    if not 0 < array.size <= MAX_SHOWN or array.dtype.kind not in "iuf":
        return None
    numbers = [plain_number(each) for each in array.ravel()]
    return None if None in numbers else numbers[0] if array.ndim == 0 else numbers


def numbers_in(value: Any) -> Any:
    """Return a number as it is, the numbers of a few nested lists in one list, or None."""
    return few_numbers(np.asarray(value))


def _aspects(value: Any, the_value: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(value, np.ndarray) and value.ndim:
        found[f"the shape of {the_value}"] = tuple(value.shape)
        found[the_value] = nested_numbers(value)
        if len(value) > 1:
            found[f"the first entry of {the_value}"] = nested_numbers(value[0])
            found[f"the last entry of {the_value}"] = nested_numbers(value[-1])
    elif isinstance(value, ModelFacts):
        found["the number of weights of the model"] = value.weights
        found["the output shape of the model"] = _as_shape(value.output_shape)
    elif isinstance(value, FigureData):
        found |= _figure_aspects(value)
    elif isinstance(value, str):
        found[the_value] = value
    elif isinstance(value, bool | np.bool_):
        found[the_value] = bool(value)
    elif isinstance(value, list | dict | tuple):
        found[f"the length of {the_value}"] = len(value)
        if isinstance(value, list):
            numbers = nested_numbers(value)
            found[the_value] = [*value] if numbers is None else numbers
        elif isinstance(value, tuple):
            found[the_value] = _as_shape(value)
        else:
            found |= _entries(value, name)
    elif (number := plain_number(value)) is not None:
        found[the_value] = number
    return {phrase: each for phrase, each in found.items() if each is not None and shown(each) is not None}


def _entries(value: dict[Any, Any], path: str) -> dict[str, Any]:
    """Return the numbers, texts and short lists in a dictionary, as Python would write their places."""
    found: dict[str, Any] = {}
    for key, each in [*value.items()][:MAX_SHOWN]:
        place = f"{path}[{key!r}]"
        if isinstance(each, dict):
            found |= _entries(each, place) if path.count("[") < 1 else {}
        elif isinstance(each, str):
            found[f"`{place}`"] = each
        else:
            found[f"`{place}`"] = nested_numbers(each)
    return {place: each for place, each in found.items() if "``" not in place}


def _as_shape(value: Any) -> Shape | None:
    """Return a tuple of sizes, in which None is an open one, or None if it is something else."""
    if not all(each is None or isinstance(each, int | np.integer) for each in value):
        return None
    return tuple(None if each is None else int(each) for each in value) or None


def _figure_aspects(figure: FigureData) -> dict[str, Any]:
    lines = [line for axes in figure.axes for line in axes.lines]
    found: dict[str, Any] = {"the number of lines in the figure": len(lines)}
    for line in lines:
        x = np.asarray(line.x)
        if x.size and line.label and not line.label.startswith("_") and len(line.label) <= MAX_TEXT:
            found[f"the first x of the line labeled `{line.label}`"] = plain_number(x.ravel()[0])
    return found


def _key(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > MAX_COMPARED:
            return f"large array {value.shape}"
        return f"{value.dtype.kind}{value.shape}{[_key(each) for each in value.ravel().tolist()]}"
    if isinstance(value, np.generic):
        return _key(value.item())
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}{[_key(each) for each in value]}"
    if isinstance(value, dict):
        return f"dict{[(_key(name), _key(each)) for name, each in value.items()]}"
    if isinstance(value, FigureData):
        lines = [
            (line.label, _key(np.asarray(line.x)), _key(np.asarray(line.y)))
            for a in value.axes
            for line in a.lines
        ]
        return f"figure{lines}"
    if isinstance(value, Opaque):
        return f"opaque {value.type}"
    return repr(value)
