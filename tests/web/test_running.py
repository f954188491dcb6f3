"""Checks that run: one per learner, a bounded number in all, and each recorded once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from class_samples import ENVIRONMENT
from judging import submission, wait_until
from sound_course import SoundCourse

from grader.content.course import Course
from grader.errors import SubmissionError
from grader.judge.report import Report
from grader.progress.log import AttemptLog
from grader.web.identity import Learner
from grader.web.running import AT_ONCE, WAITING, RunningCheck, RunningChecks, TooMany
from grader.web.store import OneLog

ME, CODE = Learner("me"), submission("x = 1\n")
REPORT = Report(
    exercise="exercise-x", version="v", score=1, max_score=1, passed=True, tests=(), mistakes=(), seed=1,
    environment=ENVIRONMENT, seconds=0.1,
)  # fmt: skip


class Judge:
    """A judge that gives its verdict when it is told to."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.busy = self.most = 0
        self.fails: Exception | None = None
        self._lock = threading.Lock()

    def __call__(self, check: RunningCheck) -> Report:
        with self._lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        self.may_end.wait(20)
        with self._lock:
            self.busy -= 1
        if self.fails:
            raise self.fails
        return REPORT


@pytest.fixture
def judge() -> Iterator[Judge]:
    judge = Judge()
    yield judge
    judge.may_end.set()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "attempts.sqlite"


@pytest.fixture
def checks(judge: Judge, log: Path, tmp_path: Path) -> RunningChecks:
    return RunningChecks(
        Course(SoundCourse(tmp_path / "course").root), OneLog(log, lambda: datetime.now(UTC)), judge
    )


def scores(log: Path) -> list[float | None]:
    attempts = AttemptLog(log)
    found = [attempt.score for attempt in attempts.attempts()]
    attempts.close()
    return found


def test_the_same_code_sent_twice_is_one_check_and_one_attempt(
    checks: RunningChecks, judge: Judge, log: Path
) -> None:
    first = checks.begin(ME, "exercise-x", CODE)
    assert checks.begin(ME, "exercise-x", CODE) is first is checks.running(ME, "exercise-x")
    with pytest.raises(TooMany, match="is still running"):
        checks.begin(ME, "exercise-x", submission("x = 2\n"))
    judge.may_end.set()
    wait_until(lambda: first.ended)
    assert (first.report, first.problem, scores(log)) == (REPORT, "", [1])
    assert checks.running(ME, "exercise-x") is None
    assert checks.get(ME, first.number) is first
    assert checks.get(Learner("other"), first.number) is None
    assert checks.begin(ME, "exercise-x", CODE) is not first


def test_many_learners_share_a_few_judges(checks: RunningChecks, judge: Judge, log: Path) -> None:
    begun = [checks.begin(Learner(str(i)), "exercise-x", CODE) for i in range(AT_ONCE + WAITING)]
    with pytest.raises(TooMany, match="try again in a minute"):
        checks.begin(ME, "exercise-x", CODE)
    wait_until(lambda: judge.busy == AT_ONCE)
    judge.may_end.set()
    wait_until(lambda: all(check.ended for check in begun))
    assert judge.most == AT_ONCE and len(scores(log)) == len(begun)


@pytest.mark.parametrize("error", [SubmissionError("the file is empty"), ValueError("a bug")])
def test_a_check_that_fails_ends_and_says_why(
    checks: RunningChecks, judge: Judge, log: Path, error: Exception
) -> None:
    judge.fails = error
    judge.may_end.set()
    check = checks.begin(ME, "exercise-x", CODE)
    wait_until(lambda: check.ended)
    assert check.problem and check.report is None and scores(log) == []
    assert "a bug" not in check.problem
    judge.fails = None
    again = checks.begin(ME, "exercise-x", CODE)
    wait_until(lambda: again.ended)
    assert (again.problem, scores(log)) == ("", [1])


def test_after_the_end_of_the_server_no_check_begins(checks: RunningChecks) -> None:
    checks.close()
    with pytest.raises(TooMany):
        checks.begin(ME, "exercise-x", CODE)
