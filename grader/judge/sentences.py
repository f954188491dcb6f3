"""What the judge says to learners. Detecting is elsewhere; here are only the words."""

from __future__ import annotations

from collections.abc import Iterable

from grader.judge.wire import messages as m
from grader.judge.wire.values import Reason

REASONS: dict[Reason, str] = {
    "": "",
    "custom_model": "its class is your own: use keras.Sequential or keras.Model(inputs, outputs)",
    "unbuilt_model": "it is not built yet: begin it with keras.Input(shape=...)",
    "custom_parts": "it holds parts of your own: use Keras's layers and losses only",
    "unsendable": "it is too large or too deeply nested to be looked at",
}


_RETURN = " Is a `return` missing?"


def place(label: str | None, line: int | None) -> str:
    """Return " (line 3 of my.py)", " (line 2 of code cell 4)", or nothing."""
    if label is None:
        return ""
    return f" ({label})" if line is None else f" (line {line} of {label})"


def does_not_parse(raised: m.Raised) -> str:
    return f"Python cannot read your code: {raised.text}{place(raised.label, raised.line)}."


def does_not_import(raised: m.Raised) -> str:
    """Top-level code raised; nothing of a test has run yet, so its text may be shown."""
    return f"Your code stops before it can be tested: {_error(raised)}{place(raised.label, raised.line)}."


def error_with_place(raised: m.Raised) -> str:
    """The error itself, for where it stands below the cell that raised it."""
    return f"{_error(raised)}{place(raised.label, raised.line)}"


def load_timed_out(seconds: float) -> str:
    return (
        f"Your code was still running after {seconds:.0f} s and no test had begun. "
        "Move training and plotting under `if __name__ == '__main__':`."
    )


def load_crashed() -> str:
    return (
        "Python itself ended while your code was being loaded. "
        "Look for exit() or os._exit() outside a function."
    )


def missing(function: str) -> str:
    return f"There is no function called {function} in your file."


def not_callable(function: str) -> str:
    return f"{function} is not a function in your file."


def blank(function: str) -> str:
    return f"{function} is still blank: write its body."


def parameters(function: str, promised: Iterable[str], lacking: Iterable[str], extra: Iterable[str]) -> str:
    said = f"{function} should take ({', '.join(promised)})"
    if lacking := list(lacking):
        return f"{said}; yours has no {_and(lacking)}."
    return f"{said}; yours also insists on {_and(extra)}."


def raised(function: str, error: m.Raised, visible: bool) -> str:
    """The learner's code raised in a call. A hidden test shows no text: it may hold the test's data."""
    what = _error(error) if visible else (error.bases[0] if error.bases else "an error")
    return f"{function} raised {what}{place(error.label, error.line)}."


def _error(error: m.Raised) -> str:
    if "EOFError" in error.bases:
        return "EOFError: input() has nobody to ask here, so take it out"
    if "ModuleNotFoundError" in error.bases:
        return f"{error.type}: {error.text}; only your one file is checked, with what the course installs"
    return f"{error.type}: {error.text}" if error.text else error.type


def timed_out(call: str, seconds: float) -> str:
    return f"{call} had not come back after {seconds:.0f} s. Look for a loop that never ends."


def not_tried_again(function: str) -> str:
    return f"{function} did not come back in two earlier tests, so it was not called again."


def out_of_time() -> str:
    return "The time for the whole submission was used up by earlier tests."


def out_of_time_here() -> str:
    return "The time for the whole submission was used up during this test."


def test_timed_out(seconds: float) -> str:
    return f"Each call came back, but all of this test's calls together took more than {seconds:.0f} s."


def crashed(call: str) -> str:
    return f"Python itself ended during {call}. Look for exit(), os._exit() or endless recursion."


def out_of_memory(call: str) -> str:
    return f"{call} asked for more memory than there is. Look for something that grows without end."


def bad_reply(function: str, reason: str) -> str:
    return f"The result of {function} cannot be used" + (f": {reason}." if reason else ".")


def wrong_count(function: str, names: list[str], got: str) -> str:
    said = f"{function} should return {len(names)} values ({', '.join(names)}); it returned {got}."
    return said + _RETURN * (got == "None")


def wrong_kind(function: str, name: str, promised: str, got: str, reason: str) -> str:
    subject = f"What {function} returns" if name == "" else f"{name}, as {function} returns it,"
    said = f"{subject} should be {promised}; it is {got}."
    return said + (f" {reason[0].upper()}{reason[1:]}." if reason else "") + _RETURN * (got == "None")


def no_error(function: str, promised: str, when: str) -> str:
    return f"{function} should raise {promised} {when}; it did not."


def other_error(function: str, promised: str, when: str, got: str) -> str:
    return f"{function} should raise {promised} {when}; it raised {got}."


def changed(function: str, names: Iterable[str]) -> str:
    return f"{function} changed its argument {_and(names)}: work on a copy."


def unusable(function: str) -> str:
    return f"What {function} returned could not be used: compare its shape and type with the contract."


def judge_broken(place_: str) -> str:
    return f"This test is broken ({place_}), not your code: it costs you nothing. Please tell the author."


def refused_model(reason: str, details: str) -> str:
    return f"The model cannot be checked: {reason}" + (f" ({details})." if details else ".")


def _and(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
