"""An exercise's `own_code.py`: the calls that questions are about, and questions of the author's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from grader.content.course import OWN_CODE
from grader.content.problem import ContentError, Problem
from grader.judge.own_code.outcomes import Outcome, agree

MAX_ITEMS = 12  # numbers of an array that a call shows
MAX_LINE = 100  # characters; a longer call has a line for each argument
Kind = Literal["choice", "number", "shape"]
Call = tuple[Any, ...]
Asks = Callable[[Any, Any], Iterator[Any]]


class Shown(Struct, frozen=True):
    """An argument, and how a question shows it: `Shown(predict, "predict")`."""

    value: Any
    text: str


def named(**arguments: Any) -> tuple[Shown, ...]:
    """Return arguments that a question shows with their names: `split(X=np.zeros((4, 2)), part=0.5)`."""
    return tuple(Shown(value, f"{name}={_text(value)}") for name, value in arguments.items())


def varied(call: tuple[Shown, ...], **arguments: Any) -> tuple[Shown, ...]:
    """Return a call of `named` with other arguments. It shows those that stay by their names alone."""
    names = [each.text.partition("=")[0] for each in call]
    new = dict(zip(arguments, named(**arguments), strict=True))
    return tuple(new.get(name, Shown(each.value, name)) for name, each in zip(names, call, strict=True))


class Wrong(Struct, frozen=True):
    """A wrong answer, why someone would give it, and the id of the misconception behind it."""

    value: Any
    why: str
    misconception: str | None = None


class AuthoredQuestion(Struct, frozen=True):
    """A question of the author's own. Its prompt may contain `{call}`."""

    function: str
    name: str
    prompt: str
    asks: Asks
    level: int
    kind: Kind
    concepts: tuple[str, ...]


class OwnCode(Struct, frozen=True):
    """The content of an exercise's `own_code.py`."""

    calls: dict[str, Callable[[Random], Call]]
    edges: dict[str, Callable[[Random], Sequence[Call]]]  # near a limit; some of them raise
    raising: dict[str, Callable[[Random], Call]]  # raise, for one of several reasons
    same: dict[str, Callable[[Random], tuple[Call, Sequence[Call]]]]  # a call, and some that return the same
    questions: tuple[AuthoredQuestion, ...]


def question(
    function: str, *, concepts: Sequence[str] = (), level: int = 1, kind: Kind = "choice"
) -> Callable[[Asks], Asks]:
    """Mark a generator as a question about a function. Its docstring is the prompt.

    It receives `code`, to run the learner's function, and `call`, and yields the key first, then `Wrong`s.
    """

    def mark(asks: Asks) -> Asks:
        prompt = " ".join((asks.__doc__ or "").split())
        name = asks.__name__.replace("_", "-")
        asks._question = AuthoredQuestion(function, name, prompt, asks, level, kind, tuple(concepts))  # type: ignore[attr-defined]
        return asks

    return mark


def load_own_code(directory: Path, functions: Collection[str]) -> OwnCode | None:
    """Run an exercise's `own_code.py`; None if there is none.

    Raises ContentError if it fails, or if it is about a function that the exercise does not have.
    """
    path = directory / OWN_CODE
    if not path.is_file():
        return None
    names: dict[str, Any] = {"__name__": "own_code", "__file__": str(path)}
    try:
        exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
    except Exception as error:
        line = getattr(error, "lineno", None) or _line(error, str(path))
        raise ContentError(
            [Problem(str(path), line, f"{type(error).__name__}: {error}", "fix the file")]
        ) from None
    asked = [each._question for each in names.values() if hasattr(each, "_question")]
    calls, edges, raising, same = (names.get(part, {}) for part in ("CALLS", "EDGES", "RAISING", "SAME"))
    own_code = OwnCode(calls, edges, raising, same, tuple(asked))
    named = [*calls, *edges, *raising, *same, *(each.function for each in asked)]
    if unknown := [name for name in dict.fromkeys(named) if name not in functions]:
        what = f"the exercise has no function {', '.join(unknown)}"
        raise ContentError([Problem(str(path), 1, what, f"name one of {', '.join(functions)}")])
    return own_code


def values_of(call: Call) -> tuple[Any, ...]:
    """Return the arguments to pass."""
    return tuple(each.value if isinstance(each, Shown) else each for each in call)


def without_copies(call: Call, others: Sequence[Call]) -> list[Call]:
    """Return the calls whose arguments differ from those of `call`."""
    given = Outcome(values_of(call))
    return [each for each in others if not agree(given, Outcome(values_of(each)))]


def text_of(function: str, call: Call, one_line: bool = False) -> str:
    """Return a call as a question shows it."""
    arguments = [*map(_text, call)]
    text = f"{function}({', '.join(arguments)})"
    if one_line or len(text) <= MAX_LINE:
        return text
    return "\n".join((f"{function}(", *(f"    {each}," for each in arguments), ")"))


def on_one_line(text: str) -> str:
    """Return what `text_of` would return for the same call with `one_line`."""
    return text.replace("(\n    ", "(").replace(",\n)", ")").replace("\n    ", " ")


def _text(value: Any) -> str:
    if isinstance(value, Shown):
        return value.text
    if isinstance(value, np.ndarray):
        if value.size and value.dtype == float and not value.any():
            return f"np.zeros({value.shape if value.ndim > 1 else value.size})"
        if value.size > MAX_ITEMS:
            return f"<array of shape {value.shape}>"
        return f"np.array({value.tolist()})"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))}{',' * (len(value) == 1)})"
    return getattr(value, "__name__", "a_function") if callable(value) else repr(value)


def _line(error: Exception, file: str) -> int:
    found, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
