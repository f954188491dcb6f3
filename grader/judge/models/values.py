"""Checks of single values, and of a part's options by a table of checks."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from grader.judge.models.spec import MAX_CONFIG, MAX_UNITS, ModelRefused

# a check returns the value to use, or LEFT_OUT; it raises ValueError, or ModelRefused with a reason
Check = Callable[[Any], Any]
LEFT_OUT = object()


def flag(value: Any) -> Any:
    """Check for a bool."""
    return _value_if(value, isinstance(value, bool))


def nothing(value: Any) -> Any:
    """Check for None, where None is not the default and so is kept."""
    return _value_if(value, value is None)


def whole(low: int, high: int) -> Check:
    """Return a check for an int from `low` to `high`."""
    return lambda value: _value_if(value, type(value) is int and low <= value <= high)


def number(low: float, high: float) -> Check:
    """Return a check for an int or finite float from `low` to `high`."""
    return lambda value: _value_if(value, type(value) in (int, float) and low <= value <= high)


def one_of(*names: str) -> Check:
    """Return a check for one of the strings `names`."""
    return lambda value: _value_if(value, isinstance(value, str) and value in names)


def only(*values: Any) -> Check:
    """Return a check for one of `values`, which are defaults and so are left out."""

    def check(value: Any) -> Any:
        _value_if(value, any(type(value) is type(one) and value == one for one in values))
        return LEFT_OUT

    return check


def optional(inner: Check) -> Check:
    """Return a check for None, which is left out, or for a value that `inner` accepts."""
    return lambda value: LEFT_OUT if value is None else inner(value)


def several(inner: Check, fewest: int = 1, most: int = 6) -> Check:
    """Return a check for a list of values that `inner` accepts. It returns them as a tuple."""

    def check(value: Any) -> Any:
        _value_if(value, isinstance(value, list) and fewest <= len(value) <= most)
        return tuple(map(inner, value))

    return check


def either(*inner: Check) -> Check:
    """Return a check for a value that at least one of the checks accepts."""

    def check(value: Any) -> Any:
        for one in inner[:-1]:
            try:
                return one(value)
            except ValueError:
                continue
        return inner[-1](value)

    return check


count = whole(1, MAX_UNITS)
rate = number(0, 0.999_999)
positive = number(1e-30, 1e9)
anything = number(-1e9, 1e9)
axis = whole(-6, 6)
axes = either(axis, several(axis))


def _value_if(value: Any, good: bool) -> Any:
    if not good:
        raise ValueError
    return value


def read_options(
    owner: str, known: Mapping[str, Check], config: Any, ignored: re.Pattern[str]
) -> dict[str, Any]:
    """Return the checked options of `config`, in the order of `known`.

    `owner` names the part in errors, as in "its Dense layer". An option that is not
    in `known` must be None or match `ignored`. Raises ModelRefused.
    """
    config = as_dict(config)
    for name, value in config.items():
        if name not in known and value is not None and not ignored.fullmatch(name):
            raise ModelRefused(
                f"{owner} has an unsupported option", name[:40], "a part has an unsupported option"
            )
    options = {}
    for name, check in known.items():
        if name not in config:
            continue
        try:
            value = check(config[name])
        except (ValueError, OverflowError):
            raise ModelRefused(
                f"{owner} has an invalid value for {name}",
                str(config[name])[:40],
                "an option of a part has an invalid value",
            ) from None
        if value is not LEFT_OUT:
            options[name] = value
    return options


def is_of_keras(part: dict[str, Any], *modules: str) -> bool:
    """Return True if a serialized object claims to be Keras's own, from one of `modules`."""
    return part.get("module") in modules and part.get("registered_name") in (None, part.get("class_name"))


def as_dict(value: Any) -> dict[str, Any]:
    """Return `value`. Raises ModelRefused if it is not a dict."""
    if not isinstance(value, dict):
        raise ModelRefused("its configuration cannot be read")
    return value


def as_dicts(value: Any) -> list[dict[str, Any]]:
    """Return `value`. Raises ModelRefused if it is not a list of dicts."""
    if not isinstance(value, list):
        raise ModelRefused("its configuration cannot be read")
    return [as_dict(item) for item in value]


def read_json(text: str) -> dict[str, Any]:
    """Parse a JSON object.

    Raises ModelRefused if it is too long or too deep, or has duplicate keys or numbers
    that are not finite.
    """
    if len(text) > MAX_CONFIG:
        raise ModelRefused("its configuration is too long")
    try:
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_finite)
        if not _is_shallow(value):
            raise RecursionError
    except (ValueError, RecursionError):
        raise ModelRefused("its configuration cannot be read") from None
    return as_dict(value)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def _finite(name: str) -> float:
    raise ValueError(f"{name} is not a finite number")


def _is_shallow(value: Any, depth: int = 30) -> bool:
    """Return True if `value` is nested at most `depth` levels deep and all of its floats are finite."""
    if isinstance(value, float):
        return math.isfinite(value)  # json reads 1e999 as infinity
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_shallow(item, depth - 1) for item in inner)
