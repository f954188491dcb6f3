"""Every sentence that the judge shows to learners. The conditions are checked elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.judge.wire import messages as m
from grader.judge.wire.values import Reason

# why the worker could not send a value, as a clause
REASONS: dict[Reason, str] = {
    "": "",
    "custom_model": "its class is your own. Use keras.Sequential or keras.Model(inputs, outputs)",
    "unbuilt_model": "it is not built yet. Start it with keras.Input(shape=...)",
    "custom_parts": "it contains custom parts. Use only Keras's own layers and losses",
    "unsendable": "it is too large or too deeply nested",
    "not_eager": "it was made without eager execution",
}

_RETURN = " Is a `return` missing?"


def place(label: str | None, line: int | None) -> str:
    """Return " (line 3 of my.py)", " (line 2 of code cell 4)" or ""."""
    if label is None:
        return ""
    return f" ({label})" if line is None else f" (line {line} of {label})"


# --- code outside the functions ---


def line_of(label: str, line: int) -> str:
    """Return "line 3 of my.py" or "line 2 of code cell 4"."""
    return f"line {line} of {label}"


def stopped(stop: m.Stop, source: str, seconds: float, advice: str = "") -> str:
    """Say which line stopped and why. `source` is that line; `seconds` is the limit of one statement.

    No test has run yet, so the error's text can be shown.
    """
    where = line_of(stop.label, stop.line)
    if stop.syntax:
        left_out = f"Python cannot read {where}, so it was left out: {_one_line(stop.text)}."
        return left_out + _caret(source, stop.column)
    if stop.timed_out:
        return (
            f"{_capital(where)} was stopped because it ran too long (the limit is {seconds:.0f} s). "
            "Move training, and whatever else takes long, under `if __name__ == '__main__':`."
        )
    if "SystemExit" in stop.bases:
        says = "" if stop.text in ("", "None") or stop.text.isdecimal() else f' ("{_one_line(stop.text)}")'
        return f"{_capital(where)} ends the program{says}. The rest was run all the same."
    return with_advice(f"{_capital(where)} stopped: {_one_line(_error(stop))}.", advice)


def stop_below_its_cell(stop: m.Stop) -> str:
    """Return the error alone, to be shown below the cell that it ended."""
    return f"{_error(stop)}{place(stop.label, stop.line)}"


def without_ipython() -> str:
    return (
        "IPython is not installed here, so magics and shell lines were left out. "
        "To run them, install it: pip install ipython."
    )


def _caret(source: str, column: int | None) -> str:
    """Return the line with a caret below the position of the error, each on a line of its own."""
    code = source.lstrip()
    if not code or len(code) > 200:
        return ""
    shown = f"\n    {code}"
    position = (column or 0) - 1 - (len(source) - len(code))
    return shown + (f"\n    {' ' * position}^" if 0 <= position <= len(code) else "")


def _one_line(text: str) -> str:
    line = " ".join(text.split()).removesuffix(".")
    return line if len(line) <= 300 else f"{line[:299]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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


# --- functions ---


def missing(function: str, stop: m.Stop | None = None, near: str = "", advice: str = "") -> str:
    """Say that there is no such function, because of `stop` if it is given."""
    if stop is None:
        meant = f" You define {near}. Did you mean {function}?" if near else ""
        return f"There is no function called {function} in your file.{meant}"
    where = line_of(stop.label, stop.line)
    if stop.syntax:
        return f"{function} was left out, because Python cannot read {where}: {_one_line(stop.text)}."
    reason = f"{function} is not defined, because {where} stopped: {_one_line(_error(stop))}."
    return with_advice(reason, advice)


def overwritten(function: str) -> str:
    return f"The name {function} is given to another value below the function. The function was tested."


def renamed_parameters(function: str, names: Mapping[str, str]) -> str:
    """Say that parameters have other names than promised. `names` maps promised to actual ones."""
    pairs = _and([f"{actual} instead of {promised}" for promised, actual in names.items()])
    return (
        f"{function} has the parameter{'s' * (len(names) > 1)} {pairs}. "
        "Calls by position work, but calls by keyword would fail."
    )


def keyword_fails(function: str, promised: Iterable[str], keyword: str, actual: str) -> str:
    """Say that a test passes an argument by a keyword that the function does not have."""
    yours = f"has {actual} instead of {keyword}" if actual else f"does not take {keyword}"
    return (
        f"{function} should take ({', '.join(promised)}), but yours {yours}. "
        "This test passes that argument by its name."
    )


def not_callable(function: str) -> str:
    return f"{function} is defined in your file, but it is not a function."


def blank(function: str) -> str:
    return f"{function} is still blank: write its body."


def parameters(function: str, promised: Iterable[str], lacking: Iterable[str], extra: Iterable[str]) -> str:
    start = f"{function} should take ({', '.join(promised)}), but yours"
    if lacking := list(lacking):
        return f"{start} is missing {_few(lacking)}."
    return f"{start} also requires {_few(extra)}."


def raised(function: str, error: m.Raised, visible: bool) -> str:
    """Say that the learner's code raised in a call.

    A hidden test does not show the error's text, because it may contain the test's data.
    """
    what = _error(error) if visible else (error.bases[0] if error.bases else "an error")
    return f"{function} raised {what}{place(error.label, error.line)}."


def _error(error: m.Raised | m.Stop) -> str:
    if "EOFError" in error.bases:
        return "EOFError: input() cannot be used here because nobody can answer. Remove it"
    return f"{error.type}: {error.text}" if error.text else error.type


def renamed(old: str, new: str, library: str) -> str:
    return f"{old} is called {new} in {library}."


def removed(old: str, instead: str, library: str) -> str:
    return f"{library} has no {old}. {instead}."


def with_advice(message: str, advice: str) -> str:
    return f"{message} {advice}" if advice else message


def no_library(name: str, usable: str) -> str:
    """Say what may be used instead of a library that is not there; `name` may be ""."""
    return f"{name or 'A library that it imports'} is not available here: use only {usable}."


def install_library(name: str, requirement: str) -> str:
    """Say that a library of the exercise is missing on this machine."""
    return (
        f"This exercise may use {name}, but it is not installed on this machine. "
        f"Install it: pip install '{requirement}'."
    )


def eager_off(label: str, line: int) -> str:
    return f"Line {line} of {label} turns off eager execution, but Keras 3 needs it. Remove that line."


def other_dtype(label: str, line: int) -> str:
    return f"Line {line} of {label} changes the precision of Keras for all models. Remove that line."


def no_network() -> str:
    return "Your code has no network here, so it cannot download anything. Create the data in your code."


def no_files() -> str:
    return (
        "Your code runs without your files and without Google Drive. Create the data in your code, "
        "or keep this part under `if __name__ == '__main__':`."
    )


def no_access() -> str:
    return (
        "Your code has no access there. It can only write files into its current directory, "
        "so use a file name without a path."
    )


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


def wrong_shape(name: str, shape: str, label: str) -> str:
    return f"The shape of {name} is not {shape}{_for(label)}."


def wrong_dtype(name: str, dtype: str, label: str) -> str:
    return f"{name} should be {dtype}{_for(label)}."


def wrong_values(says: str, label: str) -> str:
    """Complete an author's sentence about a result with the kind of input for which it is wrong."""
    return f"{says}{_for(label)}."


def happened(message: str, label: str) -> str:
    """Add the kind of input to what is said about a call that failed."""
    return f"{message} This happened{_for(label)}." if label else message


def _for(label: str) -> str:
    return f" for {label}" if label else ""


def unusable(function: str) -> str:
    return f"The result of {function} could not be used. Compare its shape and type with the contract."


def judge_broken(place_: str) -> str:
    return f"This test is broken ({place_}), not your code. It costs you no points. Please tell the author."


def refused_model(reason: str, details: str) -> str:
    return f"The model cannot be checked because {reason}" + (f" ({details})." if details else ".")


def _and(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _few(names: Iterable[str]) -> str:
    """Return names as in a sentence, at most five of them."""
    names = list(names)
    return _and(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} others"])
