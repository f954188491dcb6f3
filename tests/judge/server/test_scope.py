"""The part of the tests that a job asks for: those of some functions, or those up to the first failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judging import submission
from sound_course import SOLUTION, SoundCourse

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import EVERYTHING, Scope
from grader.judge.report import Report

WRONG = SOLUTION.replace("* factor", "+ factor").replace("[0]", "[1]")  # both are known mistakes


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("scope")).root)


def ids(report: Report) -> list[str]:
    return [test.id for test in report.tests]


def check(judge: Judge, course: Course, source: str, scope: Scope) -> Report:
    return judge.check(course, "exercise-x", submission(source), 1, scope=scope)


def test_all_tests_run_by_default(judge: Judge, course: Course) -> None:
    report = check(judge, course, WRONG, EVERYTHING)
    assert ids(report) == ["test_two", "test_drawn", "test_first"]
    assert [mistake.id for mistake in report.mistakes] == ["adds-the-factor", "second-one"]


def test_only_tests_of_some_functions_run(judge: Judge, course: Course) -> None:
    report = check(judge, course, WRONG, Scope(("first",)))
    assert ids(report) == ["test_first"]
    assert [mistake.id for mistake in report.mistakes] == ["second-one"]
    assert check(judge, course, SOLUTION, Scope(("first",))).passed


def test_a_job_can_end_at_the_first_failure(judge: Judge, course: Course) -> None:
    report = check(judge, course, WRONG, Scope(until_failure=True))
    assert (ids(report), report.mistakes, report.passed) == (["test_two"], (), False)
    report = check(judge, course, SOLUTION, Scope(until_failure=True))
    assert (len(report.tests), report.passed) == (3, True)
    half = SOLUTION.replace("* factor", "* 3")  # passes the visible test
    assert ids(check(judge, course, half, Scope(("scaled",), until_failure=True))) == [
        "test_two",
        "test_drawn",
    ]
