"""The hints that fit what the last check found wrong with a function, the most specific ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from grader.content.course import content_hash
from grader.content.exercise import Exercise, Function, Mistake, TestHelp
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import ReportLines, TestLine, report_lines

if TYPE_CHECKING:
    from grader.judge.report import Report


class Subject(Enum):
    """What a list of hints is about."""

    MISTAKE = "mistake"
    TEST = "test"
    FUNCTION = "function"


class Source(Struct, frozen=True):
    """A list of hints on one subject. `item` and `version` are those under which the log records them."""

    subject: Subject
    item: str
    version: str
    hints: tuple[str, ...]
    title: str = ""  # of the test


def last_check(exercise: Exercise, attempts: Iterable[Attempt]) -> ReportLines | None:
    """Return the report of the last check of an exercise, or None before the first."""
    checks = [a for a in in_time(attempts) if a.kind == "check" and a.item == exercise.id]
    return report_lines(checks[-1].report) if checks else None


def lines_of(report: Report) -> ReportLines:
    """Return the same lines of a report that is not in the log."""
    return report_lines(msgspec.to_builtins(report))


def fitting(exercise: Exercise, function: Function, check: ReportLines | None) -> Iterator[Source]:
    """Yield the hints that fit: on the mistakes that were named, on the root failure, on the function."""
    if check is not None:
        known = {mistake.id: mistake for mistake in exercise.mistakes if mistake.function == function.name}
        for named in check.mistakes:
            if named.id in known and known[named.id].hints:
                yield _about_mistake(exercise, known[named.id])
        root = root_failure(function, check)
        name = root.id.partition("[")[0] if root else ""
        if root and name in exercise.tests:
            yield _about_test(exercise, name, exercise.tests[name], root.title)
    if function.hints:
        yield about_function(exercise, function)


def opened_before(exercise: Exercise, function: Function) -> Iterator[Source]:
    """Yield all hints that a learner may have opened while working on a function."""
    for mistake in exercise.mistakes:
        if mistake.function == function.name:
            yield _about_mistake(exercise, mistake)
    for name, test in exercise.tests.items():
        yield _about_test(exercise, name, test)
    yield about_function(exercise, function)


def first_hint(exercise: Exercise, function: Function, report: Report) -> str | None:
    """Return the first hint that fits a report."""
    return next((source.hints[0] for source in fitting(exercise, function, lines_of(report))), None)


def root_failure(function: Function, check: ReportLines) -> TestLine | None:
    """Return the failed test of a function that a learner should look at first; visible tests come first.

    Return None if none failed, or if the code never got as far as a test's question:
    the function is blank, or every one of its tests ended in an error.
    """
    tests = [test for test in check.tests if test.function == function.name and test.counts]
    if tests and all(test.outcome not in ("passed", "failed") for test in tests):
        return None
    wrong = [test for test in tests if test.outcome not in ("passed", "not_run")]
    return next((test for test in wrong if test.visible), wrong[0] if wrong else None)


def about_function(exercise: Exercise, function: Function) -> Source:
    """Return the hints on a function as such."""
    item = f"{exercise.id}/{function.name}"
    return Source(Subject.FUNCTION, item, content_hash(function), function.hints)


def _about_mistake(exercise: Exercise, mistake: Mistake) -> Source:
    item = f"{exercise.id}/{Subject.MISTAKE.value}/{mistake.id}"
    return Source(Subject.MISTAKE, item, content_hash(mistake), mistake.hints)


def _about_test(exercise: Exercise, name: str, test: TestHelp, title: str = "") -> Source:
    item = f"{exercise.id}/{Subject.TEST.value}/{name}"
    return Source(Subject.TEST, item, content_hash(test), test.hints, title)
