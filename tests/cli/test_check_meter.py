"""The status line of a check that takes long."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from reports import report, result

from grader.cli.check_meter import Progress, seconds_of_last_check
from grader.judge.report import Outcome
from grader.tutor.recording import check_attempt


@pytest.mark.parametrize(
    ("seconds", "last", "says"),
    [
        (2.0, None, "Loading your code …"),
        (2.0, 6.4, "Loading your code, about 4 s left …"),
        (6.2, 6.4, "Loading your code …"),
        (9.0, 6.4, "Loading your code …"),
    ],
)
def test_before_the_first_test_it_says_so(seconds: float, last: float | None, says: str) -> None:
    assert Progress().line(seconds, last) == says
    assert Progress(total=25).line(seconds, last) == says


def test_it_counts_tests_and_names_what_failed() -> None:
    progress = Progress(total=4).after(result("f", 1, Outcome.PASSED))
    assert progress.line(3, None) == "1 of 4 tests …"
    for outcome in (Outcome.FAILED, Outcome.CRASHED):
        progress = progress.after(result("g", 1, outcome))
    assert progress.line(3, 5) == "3 of 4 tests, about 2 s left … Failed so far: g"


def test_the_time_is_that_of_the_last_check_of_the_exercise() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    checks = [check_attempt(now, replace(report([]), seconds=seconds)) for seconds in (7.0, 5.0)]
    assert seconds_of_last_check(checks, checks[0].item) == 5.0
    assert seconds_of_last_check(checks, "another") is None
