"""Advice on an error of a submission, which follows the error's message."""

from __future__ import annotations

import re

from grader.content.exercise import Exercise
from grader.content.libraries import package_name, requirement_for
from grader.judge import sentences
from grader.judge.server import old_keras, source_names
from grader.judge.server.no_access import surroundings_advice
from grader.judge.server.session import Session
from grader.judge.wire import messages as m
from grader.wording import listed

_NO_MODULE = re.compile(r"No module named '(\w{1,50})'")
_IMPORT = re.compile(r"\b(?:import|from)\s+(\w{1,50})")
_NAME = re.compile(r"^(\w{1,50})$")


def advice_on(
    error: m.Raised | m.Stop, session: Session, exercise: Exercise, reduced_to: str = "", hidden: bool = False
) -> str:
    """Return the first advice that fits, or "".

    It is on old names, eager execution, missing libraries, network or files. In a
    hidden test, the advice does not depend on the error's text. If only the kind is left
    of an error, `reduced_to` is the function that raised it: the advice then depends only on
    the kind and on the source.
    """
    cells = session.sources
    if reduced_to:
        advice = old_keras.advice_in(cells, reduced_to, error.bases)
        advice = advice or old_keras.eager_advice(cells, error.bases or None)
    else:
        advice = old_keras.advice_at(cells, error.label, error.line, error.bases)
        if not advice and isinstance(error, m.Raised) and not error.eager:
            advice = old_keras.eager_advice(cells, error.bases)
    if not advice and "ModuleNotFoundError" in error.bases:
        name = _imported_in_vain(error, session, reduced_to) if hidden else _first(_NO_MODULE, error.text)
        advice = _library_advice(name, exercise)
    return advice or surroundings_advice(error, hidden, [each.path for each in exercise.data])


def _library_advice(name: str, exercise: Exercise) -> str:
    """Say what may be used instead of a module that is not there; its name may be ""."""
    usable = listed([*exercise.usual, *map(package_name, exercise.libraries)])
    if name and (requirement := requirement_for(name, exercise.libraries)):
        return sentences.install_library(name, requirement)
    if name in map(str.lower, exercise.usual):
        return ""
    return sentences.no_library(name, usable)


def _imported_in_vain(error: m.Raised | m.Stop, session: Session, function: str) -> str:
    """Return the module that is missing, as far as the source and its first run tell, or ""."""
    if function:
        codes = [source_names.code(cell.source) for cell in session.sources]
        blocks = [block for code in codes for block in source_names.definitions(function, code)]
        inside = {full.partition(".")[0] for block in blocks for _, full in source_names.imports(block)}
        if len(inside) == 1:
            return _first(_NAME, inside.pop())
    line = session.line_of(error.label or "", error.line or 0)
    if name := _first(_IMPORT, line[:1000]):
        return name
    tops = {name for name in session.missing if "." not in name}  # of others, a part is missing
    return _first(_NAME, tops.pop()) if len(tops) == 1 else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
