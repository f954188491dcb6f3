"""The lines that show a learner a report in the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator

from grader.content.exercise import Exercise
from grader.judge.report import Outcome, Report
from grader.judge.verdict import (
    count,
    function_lines,
    number,
    one_reason_for_all,
    results_of,
    surroundings_lines,
)


def lines(report: Report, exercise: Exercise, file: str, width: int | None = None) -> Iterator[str]:
    """Yield the verdict: by function, what is wrong and what to do next. Wrapped if `width` is given."""
    for line in _lines(report, exercise, file):
        if width is None or len(line) <= width:
            yield line
        else:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            yield from textwrap.wrap(line, max(width, 20), subsequent_indent=indent, break_on_hyphens=False)


def _lines(report: Report, exercise: Exercise, file: str) -> Iterator[str]:
    def place(section: str) -> str:
        return f"course lesson {exercise.lesson} {section}"

    yield f"{exercise.title}: {file}"
    yield from surroundings_lines(report)
    explained: set[str] = set()
    for function in exercise.functions:
        if results_of(report, function.name):
            yield ""
            yield from function_lines(report, exercise, function, explained, place)
    yield ""
    yield from _score(report)
    yield from _next(report, exercise, file)
    if not report.environment.confinement.walled:
        yield "Your code ran unconfined. To see why: course doctor"


def _score(report: Report) -> Iterator[str]:
    points = f"{number(report.score)} of {number(report.max_score)} points"
    if report.withheld is None:
        yield f"Score: {points}."
        return
    passed = sum(result.outcome is Outcome.PASSED for result in report.tests)
    yield f"Visible tests: {passed} of {len(report.tests)} passed, {points}."
    hidden, worth = count(report.withheld.tests, "hidden test"), number(report.withheld.points)
    yield f"Your instructor will also run {hidden}, worth {worth} points."


def _next(report: Report, exercise: Exercise, file: str) -> Iterator[str]:
    if report.passed:
        yield f"Next: submit {file}" if report.withheld else "All tests passed. Next: course progress"
        return
    if one_reason_for_all(report):
        return  # hints are about single functions, but the whole file fails
    wrong = {result.function for result in report.tests if result.outcome is not Outcome.PASSED}
    function = next((f for f in exercise.functions if f.name in wrong), None)
    if function is None:
        return
    if function.hints:
        yield f"A hint:      course hint {exercise.id} {function.name}"
    if function.section and not report.mistakes:
        yield f"Read again:  course lesson {exercise.lesson} {function.section}"


def screen_width() -> int | None:
    """Return the width to wrap a verdict to, or None if the output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
