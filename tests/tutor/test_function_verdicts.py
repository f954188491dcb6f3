"""A report by function, as the page shows it."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, settings

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from reports import EXERCISE, NAMES, report, reports, result

from grader.content.course import Course
from grader.judge.report import NamedMistake, Outcome, Report, TestResult
from grader.tutor.function_verdicts import function_verdicts, status_line

LESSON = Course.bundled().lesson(EXERCISE.lesson)
FAILED = [
    result(NAMES[0], 1),
    result(NAMES[1], 1, Outcome.FAILED, "No"),
    result(NAMES[4], 1, Outcome.FAILED, "No"),
]


def named(mistake_id: str, *tests: str) -> NamedMistake:
    mistake = next(each for each in EXERCISE.mistakes if each.id == mistake_id)
    return NamedMistake(id=mistake.id, misconception=mistake.misconception, says=mistake.says, tests=tests)


def test_an_idea_says_what_is_believed_and_where_to_read() -> None:
    told = function_verdicts(report(FAILED, (named("window-never-moves"),)), EXERCISE, LESSON)
    (idea,) = told[-1].ideas
    assert idea.belief.startswith("To forecast several steps") and idea.section == "8"


def test_the_status_counts_functions() -> None:
    told = report(FAILED)
    line = status_line(told, function_verdicts(told, EXERCISE, LESSON))
    assert line.startswith("1 function right, 2 to fix.")
    good = report(FAILED[:1])
    assert status_line(good, function_verdicts(good, EXERCISE, LESSON)).startswith("Every test passed.")


def test_the_status_tells_functions_to_fix_from_functions_to_write() -> None:
    blank = [
        result(name, 1, Outcome.NOT_RUN, f"{name} is still blank: write its body.") for name in NAMES[2:4]
    ]

    def line(*tests: TestResult) -> str:
        told = report([*tests])
        return status_line(told, function_verdicts(told, EXERCISE, LESSON)).partition(".")[0]

    assert line(*FAILED, *blank) == "1 function right, 2 to fix, 2 to write"
    assert line(FAILED[1], *blank) == "1 function to fix, 2 to write"
    assert line(*blank) == "2 functions to write"


@settings(max_examples=30)
@given(reports())
def test_no_test_is_lost_and_points_add_up(report: Report) -> None:
    verdicts = function_verdicts(report, EXERCISE, None)
    assert sum(len(each.tests) for each in verdicts) == len(report.tests)
    assert sum(float(each.score) for each in verdicts) == report.score
