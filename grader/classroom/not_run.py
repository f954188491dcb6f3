"""Why the tests of a function could not run, as an instructor wants to know it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judge import sentences
from grader.judge.report import Outcome, Report, TestResult
from grader.tutor.unread import unread_place


def is_blank(tests: Sequence[TestResult]) -> bool:
    """Return True if the learner has not written the function of these tests."""
    return bool(tests) and all(test.message == sentences.blank(test.function) for test in tests)


def is_undefined(tests: Sequence[TestResult]) -> bool:
    """Return True if the learner's file has no function of this name."""
    return bool(tests) and all(test.message.startswith(sentences.missing(test.function)) for test in tests)


def unread_line(report: Report, tests: Sequence[TestResult]) -> str | None:
    """Return where Python cannot read the function of these tests, such as "line 3", or None.

    The name of the file is left out, because it may hold the learner's.
    """
    place = unread_place(report, tests)
    if place is None:
        return None
    line, _, label = place.partition(" of ")
    return place if label.startswith("code cell ") else line


def why_nothing_ran(report: Report, item: str) -> str | None:
    """Return why no test of an exercise could run, or None if some did."""
    if {test.outcome for test in report.tests} != {Outcome.NOT_RUN}:
        return None
    if is_blank(report.tests):
        return f"{item} is blank"
    own = {
        test.function: [each for each in report.tests if each.function == test.function]
        for test in report.tests
    }
    places = dict.fromkeys(place for tests in own.values() if (place := unread_line(report, tests)))
    if places:
        return f"Python cannot read {item}: {', '.join(places)}"
    return f"no test of {item} could run"
