"""A submission that ends two judges is to blame for it. Any other one is judged as always."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import sampled
from judging import submission, write_exercise

from grader.content.course import Course
from grader.errors import EnvironmentProblem
from grader.judge.client.blame import JudgeDied, run_cells_surely
from grader.judge.client.pool import JudgePool, Task
from grader.judge.client.resident import Checks
from grader.judge.jobs import CellsRun
from grader.judge.report import Outcome, Report
from grader.judge.submission import Submission

DEADLY_VISIBLE = '''
    @pytest.mark.points(1, function="f")
    def test_one(learner):
        """One."""
        assert learner.f(1) == 1, "It should be 1"
'''
DEADLY_HIDDEN = '''
    import os, pathlib, signal

    @pytest.mark.points(2, function="f")
    def test_deadly(learner):
        """A value that ends the judge, as a bug in a library could."""
        if learner.f(2) == 13:
            os.kill(os.getpid(), signal.SIGKILL)

    @pytest.mark.points(1, function="f")
    def test_once(learner):
        """A value that ends the judge the first time."""
        seen = pathlib.Path(__file__).with_name("seen")
        if learner.f(3) == 14 and not seen.exists():
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
'''
HONEST = "def f(x): return x"
DEADLY = "def f(x): return 1 if x == 1 else 13"
ONCE = "def f(x): return 14 if x == 3 else x"


@pytest.fixture
def deadly(tmp_path: Path) -> Course:
    return write_exercise(tmp_path / "c", {"f(x)": {"n": "int"}}, HONEST, DEADLY_VISIBLE, DEADLY_HIDDEN)


def assert_blamed(report: Report) -> None:
    """Assert that the submission kept what it had reached, and lost the rest."""
    outcomes = {test.id: (test.outcome, test.score, test.points) for test in report.tests}
    assert outcomes == {
        "test_one": (Outcome.PASSED, 1, 1),
        "test_deadly": (Outcome.CRASHED, 0, 2),
        "test_once": (Outcome.CRASHED, 0, 1),
    }
    assert (report.score, report.max_score, report.passed) == (1, 4, False)
    assert "ended twice" in report.tests[1].message


@pytest.mark.parametrize("forked", sampled({"alone": False, "forked": True}, few=["forked"]))
def test_a_submission_that_ends_two_judges_is_to_blame_and_no_other(deadly: Course, forked: bool) -> None:
    sources = [HONEST, DEADLY, ONCE, "def f(x): return -x"]
    tasks = [Task("exercise-x", submission(source), 1) for source in sources]
    with JudgePool(2, forked=forked) as pool:
        reports = dict(pool.check_all(deadly, tasks))
    assert all(isinstance(report, Report) for report in reports.values()), reports
    found = {number: report for number, report in reports.items() if isinstance(report, Report)}
    assert_blamed(found[1])
    assert [found[n].score for n in (0, 2, 3)] == [4, 4, 3]


def test_a_check_blames_it_as_well(deadly: Course) -> None:
    with Checks(deadly, cold=True) as checks:
        assert_blamed(checks.check("exercise-x", submission(DEADLY), 1))
        assert checks.check("exercise-x", submission(ONCE), 1).passed
        assert checks.check("exercise-x", submission(HONEST), 1).passed


@pytest.mark.exhaustive
def test_the_newest_save_blames_it_as_well(deadly: Course) -> None:
    with Checks(deadly, cold=True) as checks:
        assert_blamed(checks.check_newest("exercise-x", submission(DEADLY), 1))
        assert checks.check_newest("exercise-x", submission(HONEST), 1).passed


def test_cells_that_end_two_judges_are_to_blame(deadly: Course) -> None:
    """Cells run without tests, so no value of theirs has ended a judge; somebody else has to."""
    asked = []

    def ask(other: Submission | None) -> CellsRun:
        asked.append(other)
        if other is None:
            raise JudgeDied("it ended")
        with JudgePool() as pool:
            return pool.run_cells(deadly, Task("", other, 1))

    run = run_cells_surely(ask)
    assert (run.cells, "Python exited" in run.ended) == ((), True)
    assert len(asked) == 3


ENDS_ALWAYS = """
    import os
    os._exit(1)
"""


def test_a_machine_or_course_that_ends_every_judge_blames_nobody(tmp_path: Path) -> None:
    course = write_exercise(tmp_path / "c", {"f(x)": {"n": "int"}}, HONEST, DEADLY_VISIBLE, ENDS_ALWAYS)
    with JudgePool() as pool, pytest.raises(EnvironmentProblem, match="without a verdict"):
        pool.check(course, Task("exercise-x", submission(HONEST), 1))
