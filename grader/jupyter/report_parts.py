"""A report in parts with headings, from which its text and its HTML are made."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report
from grader.judge.verdict import (
    count,
    first_wrong,
    function_lines,
    is_right,
    number,
    one_reason_for_all,
    passed,
    results_of,
    surroundings_lines,
    where_to_start,
)
from grader.tutor.hint_sources import first_hint
from grader.tutor.parts import Part


def report_parts(report: Report, exercise: Exercise) -> list[Part]:
    """Return the verdict: the score, what stopped, what is right, then each function that is wrong.

    The first part has the title. Commands are written as a notebook runs them.
    """
    parts = [
        Part(
            f"{exercise.title}: {_points(report.score, report.max_score)}", tuple(_summary(report, exercise))
        )
    ]
    if surroundings := [*filter(None, surroundings_lines(report))]:
        parts.append(Part("While your cells ran", tuple(surroundings)))
    tested = [function for function in exercise.functions if results_of(report, function.name)]
    if right := [function for function in tested if is_right(results_of(report, function.name))]:
        parts.append(Part("Correct", tuple(_folded(report, function) for function in right)))
    explained: set[str] = set()
    for function in tested:
        if function not in right:
            parts.append(_wrong(report, exercise, function, explained))
    if following := [*_next(report, exercise)]:
        parts.append(Part("Next", tuple(following)))
    return parts


def _summary(report: Report, exercise: Exercise) -> Iterator[str]:
    right = sum(result.outcome is Outcome.PASSED for result in report.tests)
    tests = count(len(report.tests), "visible test" if report.withheld else "test")
    yield f"{right} of {tests} passed."
    if (start := where_to_start(report, exercise)) and not one_reason_for_all(report):
        yield f"{start}."
    if report.withheld is not None:
        hidden, worth = count(report.withheld.tests, "hidden test"), number(report.withheld.points)
        yield f"Your instructor will also run {hidden}, worth {worth} points."
    if not report.environment.confinement.walled:
        yield "Your code ran unconfined. To see why: !course doctor"


def _folded(report: Report, function: Function) -> str:
    results = results_of(report, function.name)
    score, best = sum(r.score for r in results), sum(r.points for r in results)
    return f"  {function.name}: {_points(score, best)}, {passed(results)}"


def _wrong(report: Report, exercise: Exercise, function: Function, explained: set[str]) -> Part:
    _, *lines = function_lines(
        report, exercise, function, explained, lambda section: _lesson(exercise, section)
    )
    results = results_of(report, function.name)
    score, best = sum(r.score for r in results), sum(r.points for r in results)
    if not one_reason_for_all(report) and first_hint(exercise, function, report):
        lines.append(f"  hint    !course hint {exercise.id} {function.name}")
    return Part(f"{function.name}: {_points(score, best)}", tuple(lines))


def _next(report: Report, exercise: Exercise) -> Iterator[str]:
    if report.passed:
        yield "Submit your notebook." if report.withheld else "All tests passed. See !course progress"
        return
    wrong = first_wrong(report, exercise)
    if wrong is not None and wrong.section and not report.mistakes and not one_reason_for_all(report):
        yield f"Read again: {_lesson(exercise, wrong.section)}"


def _points(score: float, best: float) -> str:
    return f"{number(score)} of {number(best)} points"


def _lesson(exercise: Exercise, section: str) -> str:
    return f"!course lesson {exercise.lesson} {section}"
