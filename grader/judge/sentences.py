"""Every sentence that the judge shows to learners. The conditions are checked elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from grader.judge.wire import messages as m
from grader.judge.wire.values import Reason

# why the worker could not send a value, as a clause
REASONS: dict[Reason, str] = {
    "": "",
    "custom_model": "its class is your own. Use keras.Sequential or keras.Model(inputs, outputs)",
    "unbuilt_model": "it is not built yet. Start it with keras.Input(shape=...)",
    "custom_parts": "it contains custom parts. Use only Keras's own layers and losses",
    "unsendable": "it is too large or too deeply nested",
}

_RETURN = " Is a `return` missing?"


def place(label: str | None, line: int | None) -> str:
    """Return " (line 3 of my.py)", " (line 2 of code cell 4)" or ""."""
    if label is None:
        return ""
    return f" ({label})" if line is None else f" (line {line} of {label})"


def does_not_parse(raised: m.Raised) -> str:
    return f"Python cannot read your code: {raised.text}{place(raised.label, raised.line)}."


def does_not_import(raised: m.Raised) -> str:
    """Say that top-level code raised. No test has run yet, so the error's text can be shown."""
    return f"Your code fails before any test can run: {_error(raised)}{place(raised.label, raised.line)}."


def error_with_place(raised: m.Raised) -> str:
    """Return the error alone, to be shown below the cell that raised it."""
    return f"{_error(raised)}{place(raised.label, raised.line)}"


def load_timed_out(seconds: float) -> str:
    return (
        f"Your code was still running after {seconds:.0f} s, before any test could start. "
        "Move training and plotting under `if __name__ == '__main__':`."
    )


def load_crashed() -> str:
    return "Python exited while loading your code. Look for exit() or os._exit() outside a function."


def cells_timed_out(seconds: float) -> str:
    return f"The cells were still running after {seconds:.0f} s. Look for a loop that never ends."


def cells_crashed() -> str:
    return "Python exited while the cells were running. Look for exit(), os._exit() or endless recursion."


def missing(function: str) -> str:
    return f"There is no function called {function} in your file."


def not_callable(function: str) -> str:
    return f"{function} is defined in your file, but it is not a function."


def blank(function: str) -> str:
    return f"{function} is still blank: write its body."


def parameters(function: str, promised: Iterable[str], lacking: Iterable[str], extra: Iterable[str]) -> str:
    start = f"{function} should take ({', '.join(promised)}), but yours"
    if lacking := list(lacking):
        return f"{start} is missing {_and(lacking)}."
    return f"{start} also requires {_and(extra)}."


def raised(function: str, error: m.Raised, visible: bool) -> str:
    """Say that the learner's code raised in a call.

    A hidden test does not show the error's text, because it may contain the test's data.
    """
    what = _error(error) if visible else (error.bases[0] if error.bases else "an error")
    return f"{function} raised {what}{place(error.label, error.line)}."


def _error(error: m.Raised) -> str:
    if "EOFError" in error.bases:
        return "EOFError: input() cannot be used here because nobody can answer. Remove it"
    if "ModuleNotFoundError" in error.bases:
        return f"{error.type}: {error.text}. Only your file and the course's libraries are available"
    return f"{error.type}: {error.text}" if error.text else error.type


def timed_out(call: str, seconds: float) -> str:
    return f"{call} did not return within {seconds:.0f} s. Look for a loop that never ends."


def not_tried_again(function: str) -> str:
    return f"{function} timed out in two earlier tests, so it was not called again."


def out_of_time() -> str:
    return "Earlier tests used up the time limit for the whole submission."


def out_of_time_here() -> str:
    return "The time limit for the whole submission ran out during this test."


def test_timed_out(seconds: float) -> str:
    return f"Each call returned, but this test's calls together took more than {seconds:.0f} s."


def crashed(call: str) -> str:
    return f"Python exited while running {call}. Look for exit(), os._exit() or endless recursion."


def out_of_memory(call: str) -> str:
    return f"{call} ran out of memory. Look for something that grows without bound."


def bad_reply(function: str, reason: str) -> str:
    return f"The result of {function} cannot be used" + (f" because {reason}." if reason else ".")


def wrong_count(function: str, names: list[str], got: str) -> str:
    sentence = f"{function} should return {len(names)} values ({', '.join(names)}), but it returned {got}."
    return sentence + _RETURN * (got == "None")


def wrong_kind(function: str, name: str, promised: str, got: str, reason: str) -> str:
    """Say that a result, or the part of it called `name`, is not of the promised kind."""
    if name == "":
        sentence = f"{function} should return {promised}, but it returned {got}."
    else:
        sentence = f"{name} should be {promised}, but {function} returned {got}."
    return sentence + (f" {reason[0].upper()}{reason[1:]}." if reason else "") + _RETURN * (got == "None")


def no_error(function: str, promised: str, when: str) -> str:
    return f"{function} should raise {promised} {when}, but it did not."


def other_error(function: str, promised: str, when: str, got: str) -> str:
    return f"{function} should raise {promised} {when}, but it raised {got}."


def changed(function: str, names: Iterable[str]) -> str:
    names = list(names)
    if len(names) == 1:
        return f"{function} modified its argument {names[0]}. Work on a copy."
    return f"{function} modified its arguments {_and(names)}. Work on copies."


def unusable(function: str) -> str:
    return f"The result of {function} could not be used. Compare its shape and type with the contract."


def judge_broken(place_: str) -> str:
    return f"This test is broken ({place_}), not your code. It costs you no points. Please tell the author."


def refused_model(reason: str, details: str) -> str:
    return f"The model cannot be checked because {reason}" + (f" ({details})." if details else ".")


def _and(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
