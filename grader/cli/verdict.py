"""A report -> the lines a learner reads in the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator

from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report, TestResult

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "out of memory",
    Outcome.CRASHED: "crashed",
    Outcome.NOT_RUN: "not run",
    Outcome.JUDGE_BROKEN: "broken test",
}


def lines(report: Report, exercise: Exercise, file: str, width: int | None = None) -> Iterator[str]:
    """Yield the verdict, by function: what is wrong, and what to do next; wrapped if `width` is given."""
    for line in _lines(report, exercise, file):
        if width is None or len(line) <= width:
            yield line
        else:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            yield from textwrap.wrap(line, max(width, 20), subsequent_indent=indent, break_on_hyphens=False)


def _lines(report: Report, exercise: Exercise, file: str) -> Iterator[str]:
    yield f"{exercise.title}: {file}"
    said: set[str] = set()
    for function in exercise.functions:
        results = [result for result in report.tests if result.function == function.name]
        if results:
            yield ""
            yield from _function_lines(function.name, results, said)
            yield from _idea_lines(report, exercise, function)
    yield ""
    yield f"Score: {_number(report.score)} of {_number(report.max_score)} points."
    yield from _next(report, exercise)
    if report.environment.confinement.startswith("none"):
        yield "Your code ran without walls around it; to have them: course doctor"


def _function_lines(name: str, results: list[TestResult], said: set[str]) -> Iterator[str]:
    score, points = sum(r.score for r in results), sum(r.points for r in results)
    head = f"{name}  {_number(score)} of {_number(points)}"
    if all(result.outcome is Outcome.PASSED for result in results):
        yield f"{head}, {len(results)} tests passed"
        return
    yield head
    if len({result.message for result in results}) == 1:
        # one reason for all of them, such as a blank function or a file that does not parse
        yield from _reason(_WORDS[results[0].outcome] + ": ", results[0].message, 2, said)
        return
    for result in results:
        kind = "visible" if result.visible else "hidden"
        yield f"  {_WORDS[result.outcome]:<7} {result.title} ({kind})"
        if result.message:
            yield from _reason("", result.message, 10, said)


def _idea_lines(report: Report, exercise: Exercise, function: Function) -> Iterator[str]:
    """Yield which wrong idea the function shows, if it is one that the exercise knows."""
    known = {mistake.id: mistake for mistake in exercise.mistakes if mistake.function == function.name}
    said: set[str] = set()  # several mistakes may tell of one idea
    for named in report.mistakes:
        if named.id in known and named.says not in said:
            said.add(named.says)
            yield f"  idea    {named.says}"
            section = known[named.id].section or function.section
            if section is not None:
                yield f"          Read again: course lesson {exercise.lesson} {section}"


def _reason(before: str, message: str, indent: int, said: set[str]) -> Iterator[str]:
    """Yield why, or that it is what has been said already."""
    text = "for the same reason" if message in said else message
    said.add(message.partition("\n")[0])
    for number, line in enumerate((before + text).split("\n")):
        yield " " * (indent if number == 0 or before == "" else indent + 2) + line


def _next(report: Report, exercise: Exercise) -> Iterator[str]:
    if report.passed:
        yield "All tests passed. Next: course progress"
        return
    wrong = [result for result in report.tests if result.outcome is not Outcome.PASSED]
    if len(wrong) == len(report.tests) and len({result.message for result in wrong}) == 1:
        return  # the file as a whole is not ready; hints are about single functions
    function = next((f for f in exercise.functions if any(r.function == f.name for r in wrong)), None)
    if function is None:
        return
    if function.hints:
        yield f"A hint:      course hint {exercise.id} {function.name}"
    if function.section and not report.mistakes:
        yield f"Read again:  course lesson {exercise.lesson} {function.section}"


def screen_width() -> int | None:
    """Return the width to wrap a verdict to; None where the output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _number(value: float) -> str:
    return f"{value:g}"
