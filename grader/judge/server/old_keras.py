"""Advice on code that was written for older versions of Keras and TensorFlow.

The advice depends only on the learner's source, a line of it, and the built-in class
of the error. In a hidden test, learner code could choose the line, so there only one old
name that a whole function uses is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from grader.judge import sentences
from grader.judge.server import source_names
from grader.judge.server.old_names import OLD_NAMES, OldName
from grader.judge.wire import messages as m

MAX_ADVICE = 2  # sentences about old names
MAX_OTHERS = 500_000  # characters of other cells that are searched for imports
CACHED = 16  # places whose advice is remembered

_EAGER_OFF = re.compile(
    r"\b(?:disable_eager_execution|disable_v2_behavior)\s*+\("
    r"|\bGraph\s*+\(\s*+\)\s*+\.\s*+as_default\s*+\("
)
_OTHER_DTYPE = re.compile(r"\b(?:set_floatx|set_dtype_policy|set_global_policy|set_policy)\s*+\(")
# built-in classes of the errors that TensorFlow and Keras raise without eager execution
_NOT_EAGER = frozenset({"NotImplementedError", "RuntimeError", "AttributeError", "TypeError"})


def advice(source: str, line: int, bases: Collection[str] = (), others: Collection[str] = ()) -> str:
    """Return up to two sentences about the old names in the statement on this line, or "".

    `bases` are the built-in classes of the error; without them, any error counts.
    `others` are sources whose imports apply here too.
    """
    code = source_names.code(source)
    statement = source_names.statement(code, line)
    imported = [pair for text in [*_some(others), code] for pair in source_names.imports(text)]
    found = (find_old_name(name, bases) for name in source_names.names(statement, imported))
    return " ".join([*dict.fromkeys(_sentence(*old) for old in found if old)][:MAX_ADVICE])


def _some(sources: Collection[str]) -> Iterator[str]:
    """Yield the code of the first sources, up to a limit for all of them."""
    left = MAX_OTHERS
    for source in sources:
        left -= len(source)
        if left < 0:
            return
        yield source_names.code(source)


@cache
def patterns() -> tuple[tuple[re.Pattern[str], OldName], ...]:
    """Return all old names with their patterns, which take 20 ms to compile."""
    return tuple((re.compile(name.sign), name) for name in OLD_NAMES)


def find_old_name(name: str, bases: Collection[str] = ()) -> tuple[OldName, re.Match[str]] | None:
    """Return the entry for a name in full, and its match, or None."""
    for pattern, old in patterns():
        match = pattern.fullmatch(name)
        if match and (not bases or not set(old.errors).isdisjoint(bases)):
            return old, match
    return None


def _sentence(old: OldName, match: re.Match[str]) -> str:
    if old.new:
        return sentences.renamed(match.expand(old.old), match.expand(old.new), old.library)
    return sentences.removed(match.expand(old.old), match.expand(old.instead), old.library)


@lru_cache(maxsize=CACHED)  # a test may make many calls that raise on the same line
def advice_at(cells: tuple[m.Cell, ...], label: str | None, line: int | None, bases: tuple[str, ...]) -> str:
    """Return advice on an error at a line of a cell, or "". The other cells may hold the imports."""
    cell = next((cell for cell in cells if cell.label == label), None)
    if cell is None or line is None:
        return ""
    return advice(cell.source, line, bases, [other.source for other in cells if other is not cell])


@lru_cache(maxsize=CACHED)
def advice_in(cells: tuple[m.Cell, ...], function: str, bases: tuple[str, ...]) -> str:
    """Return advice on the old name in a function, or "" if there is none or more than one.

    Without `bases`, an error has no class that an old name would cause.
    """
    codes = [*_some([cell.source for cell in cells])]
    imported = [pair for code in codes for pair in source_names.imports(code)]
    blocks = [block for code in codes for block in source_names.definitions(function, code)]
    names = (name for block in blocks for name in source_names.names(block, imported))
    found = {_sentence(*old) for name in names if (old := find_old_name(name, bases))} if bases else set()
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=CACHED)
def raises_by_hand(cells: tuple[m.Cell, ...], label: str | None, line: int | None) -> bool:
    """Return True if this statement names NotImplementedError, as a blank function does.

    Libraries raise it too. If the line is not known, assume that the statement does.
    """
    cell = next((cell for cell in cells if cell.label == label), None)
    if cell is None or line is None:
        return True
    return "NotImplementedError" in source_names.statement(source_names.code(cell.source), line)


def dtype_advice(cells: tuple[m.Cell, ...]) -> str:
    """Name the line that changes the precision of Keras, or return ""."""
    for cell in cells:
        code = source_names.code(cell.source)
        if match := _OTHER_DTYPE.search(code):
            return sentences.other_dtype(cell.label, code.count("\n", 0, match.start()) + 1)
    return ""


def eager_off(source: str) -> int | None:
    """Return the first line that turns off eager execution, or None."""
    code = source_names.code(source)
    match = _EAGER_OFF.search(code)
    return None if match is None else code.count("\n", 0, match.start()) + 1


@lru_cache(maxsize=CACHED)
def eager_advice(cells: tuple[m.Cell, ...], bases: tuple[str, ...] | None = None) -> str:
    """Name the line that turns off eager execution, or return "".

    With the built-in classes of an error, return "" if they show that it has another cause.
    """
    if bases is not None and _NOT_EAGER.isdisjoint(bases):
        return ""
    for cell in cells:
        line = eager_off(cell.source)
        if line is not None:
            return sentences.eager_off(cell.label, line)
    return ""
