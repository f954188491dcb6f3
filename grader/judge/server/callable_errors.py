"""Tell a learner how to call a callable that a test has passed, without names from inside the test."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter
from typing import Any

from grader.judge import sentences

MAX_TEXT = 200
_INSIDE_A_TEST = re.compile(r"\b[\w.]+\.<locals>\.")  # such as "test_steps.<locals>." before "step()"


def told_error(
    error: Exception, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], name: str
) -> str:
    """Return the text of an error that a callable of a test raised.

    `name` is the parameter through which the learner's function received it; if it is "", the
    callable's own name is used.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C have none
        return plain(error)
    if not isinstance(error, TypeError) or _fits(signature, args, kwargs):
        return plain(error)
    called = name or getattr(function, "__name__", "") or "it"
    shown = [_shown(each) for each in signature.parameters.values()]
    return sentences.called_wrongly(called, shown, len(args), list(kwargs))[:MAX_TEXT]


def plain(error: Exception) -> str:
    """Return an error's text without the names of functions that surround the one that is called."""
    return _INSIDE_A_TEST.sub("", str(error))[:MAX_TEXT]


def _fits(signature: inspect.Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _shown(parameter: Parameter) -> str:
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return f"*{parameter.name}"
    if parameter.kind is Parameter.VAR_KEYWORD:
        return f"**{parameter.name}"
    is_required = parameter.default is Parameter.empty
    return parameter.name if is_required else f"{parameter.name}=…"
