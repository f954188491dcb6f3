"""A pool of judges: several at once, one after another, and what happens when a judge dies or hangs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from judging import command_of, descendants, submission, wait_until
from sound_course import SOLUTION, SoundCourse

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.judge import Cancelled
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import Limits, ShownCell
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

EXERCISE = "exercise-x"
SLOW = f"import time\ntime.sleep(30)\n{SOLUTION}"


def task(source: str) -> Task:
    return Task(EXERCISE, submission(source), seed=3)


_others: set[int] = set()


@pytest.fixture(scope="module", autouse=True)
def judges_of_other_tests() -> None:
    """Know the judges that other tests in this process keep, such as those of nbgrader's plug-in."""
    _others.update(judge_processes())


def judge_processes() -> set[int]:
    """The judges that these tests have started, forked ones included."""
    judges = {pid for pid in descendants(os.getpid()) if "grader.judge.server" in command_of(pid)}
    return judges - _others


def wait_until_slow_code_runs() -> None:
    wait_until(lambda: len(judge_processes()) > 0)
    time.sleep(1.0)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture
def pool() -> Iterator[JudgePool]:
    with JudgePool() as pool:
        yield pool


@pytest.mark.parametrize("forked", [True, False], ids=["forked", "alone"])
def test_all_tasks_have_their_own_outcome(course: Course, forked: bool) -> None:
    sources = [SOLUTION, "x = 1\n", SOLUTION, "import os\nos._exit(1)\n"]
    with JudgePool(2, forked=forked) as pool:
        outcomes = dict(pool.check_all(course, [*map(task, sources)]))
        assert [report.passed for _, report in sorted(outcomes.items()) if isinstance(report, Report)] == [
            True,
            False,
            True,
            False,
        ]
        assert pool.started == 2


def test_a_judge_is_used_again(course: Course, pool: JudgePool) -> None:
    pool.check(course, task(SOLUTION))
    before = judge_processes()
    assert pool.check(course, task(SOLUTION)).passed
    assert judge_processes() == before


def test_a_judge_that_was_killed_is_replaced(course: Course, pool: JudgePool) -> None:
    pool.check(course, task(SOLUTION))
    (judge,) = judge_processes()
    os.kill(judge, signal.SIGKILL)
    assert pool.check(course, task(SOLUTION)).passed


def test_a_submission_whose_judge_is_killed_is_judged_once_more(course: Course, pool: JudgePool) -> None:
    reports: list[Report] = []
    slow = task(f"import time\ntime.sleep(2)\n{SOLUTION}")
    thread = threading.Thread(target=lambda: reports.append(pool.check(course, slow)))
    thread.start()
    wait_until_slow_code_runs()
    for judge in judge_processes():
        os.kill(judge, signal.SIGKILL)
    thread.join()
    assert reports[0].passed


def test_whoever_waits_when_the_pool_is_closed_is_told(course: Course) -> None:
    errors: list[BaseException] = []
    pool = JudgePool()

    def check() -> None:
        try:
            pool.check(course, task(SLOW))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=check) for _ in range(2)]  # one runs, one waits for its judge
    for thread in threads:
        thread.start()
    wait_until_slow_code_runs()
    pool.close()
    for thread in threads:
        thread.join()
    assert [type(error) for error in errors] == [Cancelled, Cancelled]
    wait_until(lambda: not judge_processes())


def test_a_pool_can_be_used_after_its_work_was_stopped(course: Course) -> None:
    with JudgePool(2) as pool:
        with closing(pool.check_all(course, [task(SOLUTION), task(SLOW), task(SLOW)])) as outcomes:
            assert next(outcomes)[0] == 0
        wait_until(lambda: not judge_processes())
        assert [isinstance(outcome, Report) for _, outcome in pool.check_all(course, [task(SOLUTION)])] == [
            True
        ]


def test_a_judge_that_hangs_is_given_up(course: Course, pool: JudgePool) -> None:
    with pytest.raises(EnvironmentProblem, match="did not finish within"):
        pool.check(course, task(SLOW), patience=0.5)
    assert pool.check(course, task(SOLUTION)).passed


def test_a_broken_exercise_is_an_outcome_and_costs_no_judge(tmp_path: Path, pool: JudgePool) -> None:
    broken = SoundCourse(tmp_path / "broken")
    (broken.root / "exercises" / EXERCISE / "hidden_tests.py").write_text("def broken(:\n")
    ((index, outcome),) = pool.check_all(Course(broken.root), [task(SOLUTION)])
    assert (index, type(outcome)) == (0, ContentError)
    assert len(judge_processes()) == 1


def test_an_error_of_the_judge_keeps_its_type(tmp_path: Path, pool: JudgePool) -> None:
    """A course that is not whole is not a machine that cannot judge."""
    course = SoundCourse(tmp_path / "course")
    (course.root / "exercises" / EXERCISE / "solution.py").unlink()
    with pytest.raises(CourseError) as caught:
        pool.check(Course(course.root), task(SOLUTION))
    assert not isinstance(caught.value, EnvironmentProblem)


# --- cells without tests ---


def notebook(*sources: str, exercise: str = "") -> Task:
    cells = (Cell(f"code cell {n}", source, notebook=True) for n, source in enumerate(sources, 1))
    return Task(exercise, Submission("my.ipynb", tuple(cells)), seed=3)


@pytest.mark.parametrize("exercise", ["", EXERCISE])
def test_cells_run_without_tests_and_show_their_outputs(
    course: Course, pool: JudgePool, exercise: str
) -> None:
    run = pool.run_cells(course, notebook("x = 2\nprint('hi')", "x + 0.5", exercise=exercise))
    assert run.cells == (ShownCell("code cell 1", "hi\n"), ShownCell("code cell 2", "", "2.5"))
    assert run.ended == ""
    assert run.confinement is pool.check(course, task(SOLUTION)).environment.confinement


def test_cells_that_never_end_or_leave_are_told(course: Course, pool: JudgePool) -> None:
    leaves = pool.run_cells(course, notebook("import ctypes\nctypes.string_at(0)"))
    assert leaves.cells == () and "Python exited while the cells were running" in leaves.ended
    stuck = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True: pass"
    run = pool.run_cells(course, notebook(stuck), Limits(load=3))
    assert run.cells == () and "still running after 3 s" in run.ended
    assert pool.run_cells(course, notebook("1")).cells[0].value == "1"


def test_cells_for_an_exercise_that_is_not_there_are_refused(course: Course, pool: JudgePool) -> None:
    with pytest.raises(CourseError, match="gone"):
        pool.run_cells(course, notebook("1", exercise="gone"))
