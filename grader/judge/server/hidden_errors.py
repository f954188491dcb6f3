"""Reduce what a hidden test tells about the values of a submission to fixed lists.

Learner code can choose what it raises and returns after it has seen a hidden input, so
each choice is a channel. A hidden test therefore tells one of few kinds of errors and
values, and nothing from them. A line is told only if a visible test has shown the
same error there. `tests/judge/server/test_bits.py` counts what remains.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.judge.server.tables import TABLES, table_kind
from grader.judge.wire import messages as m
from grader.judge.wire.values import Blueprint, FigureData, Opaque, type_name

# kinds of errors, most specific first; any other one is just "an error"
ERRORS = (
    *("ModuleNotFoundError", "ImportError", "NameError", "AttributeError", "TypeError"),
    *("IndexError", "KeyError", "ZeroDivisionError", "ValueError"),
    *("FileNotFoundError", "PermissionError", "ConnectionError"),
)
# types of values, in the words of visible tests; any other one is "a value of another type"
VALUES: dict[type, str] = {
    type(None): "None",
    np.ndarray: "a numpy array",
    Blueprint: "a Keras model",
    FigureData: "a matplotlib figure",
    tuple: "a tuple",
    list: "a list",
    **{kind: f"a value of type {type_name(kind())}" for kind in (dict, set, str, bool)},
    **dict.fromkeys((float, np.float64, np.float32), "a value of type float"),
    **dict.fromkeys((int, np.int64), "a value of type int"),
}
# the same for values that were not sent, by the names of their types
UNSENT = {"array of object": "an array of dtype object"}
OTHER_VALUE = "a value of another type"

Key = tuple[str, m.Raised]


def key_of(function: str, raised: m.Raised) -> Key:
    """Return what identifies an error of a function, in which a visible and a hidden test may agree."""
    kind = raised.type if raised.type == m.PRINTED_TOO_MUCH else ""
    return function, replace(raised, type=kind, text="", printed="")


def reduced(raised: m.Raised, told: bool = True) -> m.Raised:
    """Return an error of which only the kind is left; if it must not be told, not even that."""
    kind = next((name for name in raised.bases if name in ERRORS), "") if told else ""
    classes = getattr(builtins, kind).__mro__[:-1] if kind else ()
    return m.Raised("", tuple(each.__name__ for each in classes), "", None, None, "")


def kind_of_value(value: Any, of_few: bool = False, is_part: bool = False) -> str:
    """Describe the type of a value; if `of_few`, say only whether a whole result is None."""
    if of_few:
        return VALUES[type(None)] if value is None and not is_part else OTHER_VALUE
    if kind := table_kind(value):
        return TABLES[kind]
    known = UNSENT.get(value.type) if isinstance(value, Opaque) else VALUES.get(type(value))
    return known or OTHER_VALUE
