"""A report -> the lines a learner reads in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from grader.content.exercise import Exercise
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


def lines(report: Report, exercise: Exercise, file: str) -> Iterator[str]:
    """Yield the verdict: by function, with what is wrong, and what to do next."""
    yield f"{exercise.title}: {file}"
    said: set[str] = set()
    for function in exercise.functions:
        results = [result for result in report.tests if result.function == function.name]
        if results:
            yield ""
            yield from _function_lines(function.name, results, said)
    yield ""
    yield f"Score: {_number(report.score)} of {_number(report.max_score)} points."
    yield from _next(report, exercise)


def _function_lines(name: str, results: list[TestResult], said: set[str]) -> Iterator[str]:
    score, points = sum(r.score for r in results), sum(r.points for r in results)
    yield click.style(f"{name}  {_number(score)} of {_number(points)}", bold=True)
    messages = {result.message for result in results}
    if len(messages) == 1 and results[0].outcome is not Outcome.PASSED:
        # one reason for all of them, such as a blank function or a file that does not parse
        (message,) = messages
        word = _WORDS[results[0].outcome]
        if message in said:
            yield f"  {word}: for the same reason"
            return
        said.add(message)
        yield f"  {word}: {_indented(message)}"
        if all(result.outcome is Outcome.NOT_RUN for result in results):
            return
    for result in results:
        kind = "visible" if result.visible else "hidden"
        yield f"  {_WORDS[result.outcome]:<7} {result.title} ({kind})"
        if result.message and len(messages) > 1:
            yield f"          {_indented(result.message, 10)}"


def _indented(text: str, by: int = 4) -> str:
    return text.replace("\n", "\n" + " " * by)


def _next(report: Report, exercise: Exercise) -> Iterator[str]:
    if report.passed:
        yield "All tests passed. Next: course progress"
        return
    wrong = next((r.function for r in report.tests if r.score < r.points), None)
    function = exercise.function(wrong) if wrong else None
    if function is None:
        return
    if function.hints:
        yield f"A hint:      course hint {exercise.id} {function.name}"
    if function.section:
        yield f"Read again:  course lesson {exercise.lesson} {function.section}"


def _number(value: float) -> str:
    return f"{value:g}"
