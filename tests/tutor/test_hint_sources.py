"""The root failure of a check, about which hints come first."""

from __future__ import annotations

import pytest

from grader.content.exercise import Function
from grader.progress.evidence import ReportLines, TestLine
from grader.tutor.hint_sources import root_failure

STEP = Function(signature="step(n)", text="One less.", returns={"n": "int"})


def root(*outcomes: str, function: str = "step") -> str | None:
    """Return the id of the root failure. An outcome in capitals is that of a visible test."""
    tests = [
        TestLine(f"test_{n}", function, outcome.lower(), points=1.0, score=0.0, visible=outcome.isupper())
        for n, outcome in enumerate(outcomes)
    ]
    found = root_failure(STEP, ReportLines(tests=tuple(tests)))
    return found.id if found else None


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("PASSED", "failed"), "test_1"),
        (("PASSED", "failed", "failed"), "test_1"),
        (("passed", "failed", "FAILED"), "test_2"),
        (("PASSED", "passed", "error"), "test_2"),
        (("PASSED", "timed_out"), "test_1"),
        (("PASSED", "judge_broken", "failed"), "test_2"),
        (("FAILED",), "test_0"),
    ],
)
def test_the_first_failed_test_is_the_root_and_visible_ones_come_first(
    outcomes: tuple[str, ...], expected: str
) -> None:
    assert root(*outcomes) == expected


@pytest.mark.parametrize(
    "outcomes",
    [
        (),
        ("PASSED", "passed"),
        ("NOT_RUN", "not_run"),  # the function is blank
        ("ERROR", "error"),  # a name is misspelled: no test got as far as its question
        ("TIMED_OUT", "timed_out", "error"),
        ("JUDGE_BROKEN", "judge_broken"),
    ],
)
def test_no_test_is_the_root_if_none_asked_its_question(outcomes: tuple[str, ...]) -> None:
    assert root(*outcomes) is None


def test_failures_of_other_functions_do_not_count() -> None:
    assert root("FAILED", "failed", function="leap") is None
