"""Judges that work ahead: verdicts are those of the same code, and each is reached once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import descendants, submission, wait_until
from sound_course import EXERCISE_YAML, SOLUTION, SoundCourse

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import EnvironmentProblem
from grader.judge.client.pool import JudgePool, Task
from grader.judge.confinement import Confinement
from grader.judge.jobs import ShownCell
from grader.judge.report import Report, environment
from grader.notebook import prefetch
from grader.notebook.prefetch import AHEAD, KEPT, PrefetchingJudges

REPORT = Report(
    exercise="exercise-x",
    version="1",
    score=1,
    max_score=1,
    passed=True,
    tests=(),
    mistakes=(),
    seed=3,
    environment=environment(Confinement.NONE),
    seconds=0,
)


def task(source: str, seed: int = 3) -> Task:
    return Task("exercise-x", submission(source), seed)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture
def judges() -> Iterator[PrefetchingJudges]:
    judges = PrefetchingJudges()
    yield judges
    judges.close()


class Judged:
    """A pool's `check` that does not judge. It records the tasks, and the threads that asked."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.here: list[str] = []  # asked by the main thread
        self.error: Exception | None = None
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, pool: JudgePool, course: Course, task: Task) -> prefetch.Checked:
        self.go_on.wait(10)
        source = task.submission.cells[0].source
        self.sources.append(source)
        if threading.current_thread() is threading.main_thread():
            self.here.append(source)
        if self.error is not None:
            raise self.error
        return prefetch.Checked(REPORT, (ShownCell(source),))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    judged = Judged()
    monkeypatch.setattr(prefetch, "_check", judged)
    return judged


def shown(judges: PrefetchingJudges, course: Course, source: str) -> str:
    """Ask for a verdict, and return the source that was judged."""
    return judges.check(course, task(source)).cells[0].label


def test_real_verdicts_are_those_of_the_same_code(course: Course, judges: PrefetchingJudges) -> None:
    sources = [SOLUTION, "x = 1\n", "print('hello')\n" + SOLUTION, SOLUTION]
    judges.begin(course, map(task, sources), len(sources), 2)
    passed = [judges.check(course, task(source)) for source in sources]
    assert [checked.report.passed for checked in passed] == [True, False, True, True]
    assert [cell.printed for cell in passed[2].cells] == ["hello\n"]
    alone = PrefetchingJudges()
    try:
        for source, checked in zip(sources, passed, strict=True):
            report = alone.check(course, task(source)).report
            assert (report.tests, report.notes) == (checked.report.tests, checked.report.notes)
    finally:
        alone.close()


def test_equal_code_is_judged_once_and_ahead(
    course: Course, judges: PrefetchingJudges, judged: Judged
) -> None:
    sources = ["a", "b", "a", "c", "b"]
    judges.begin(course, map(task, sources), len(sources), 2)
    assert [shown(judges, course, source) for source in sources] == sources
    assert sorted(judged.sources) == ["a", "b", "c"]
    assert judged.here == []


def test_other_code_is_judged_when_it_is_asked_for(
    course: Course, judges: PrefetchingJudges, judged: Judged, tmp_path: Path
) -> None:
    judges.begin(course, map(task, "ab"), 2, 2)
    assert shown(judges, course, "other") == "other"
    judges.check(course, task("a", seed=4))
    judges.check(Course(SoundCourse(tmp_path).root), task("b"))
    assert judged.here == ["other", "a", "b"]


def test_the_work_ahead_is_bounded(course: Course, judges: PrefetchingJudges, judged: Judged) -> None:
    read: list[int] = []

    def expected() -> Iterator[Task]:
        for number in range(KEPT + 5 * AHEAD):
            read.append(number)
            yield task(str(number))

    judges.begin(course, expected(), KEPT + 5 * AHEAD, 2)
    wait_until(lambda: len(judged.sources) == AHEAD)
    time.sleep(0.2)
    assert len(judged.sources) == AHEAD
    assert len(read) == AHEAD + 1
    assert shown(judges, course, str(AHEAD - 1)) == str(AHEAD - 1)  # earlier ones were skipped
    wait_until(lambda: len(judged.sources) == 2 * AHEAD)
    for number in range(AHEAD, KEPT + 5 * AHEAD):
        shown(judges, course, str(number))
    assert judged.here == []
    assert judges._ahead is not None
    assert len(judges._ahead._entries) <= KEPT + AHEAD
    assert all(entry.task is None for entry in judges._ahead._entries.values())


def test_an_error_is_raised_once_and_not_kept(
    course: Course, judges: PrefetchingJudges, judged: Judged
) -> None:
    judged.error = EnvironmentProblem("no judge")
    judges.begin(course, map(task, "aba"), 3, 1)
    with pytest.raises(EnvironmentProblem, match="no judge"):
        judges.check(course, task("a"))
    judged.error = None
    assert shown(judges, course, "a") == "a"


def test_a_broken_exercise_is_reported_as_without_prefetching(
    judges: PrefetchingJudges, tmp_path: Path
) -> None:
    sound = SoundCourse(tmp_path)
    sound.replace(EXERCISE_YAML, "title: X", "titel: X")
    course = Course(sound.root)
    judges.begin(course, map(task, "ab"), 2, 2)
    with pytest.raises(ContentError):
        judges.check(course, task("a"))


def test_a_prediction_that_fails_ends_only_the_work_ahead(
    course: Course, judges: PrefetchingJudges, judged: Judged
) -> None:
    def expected() -> Iterator[Task]:
        yield task("a")
        raise RuntimeError("unreadable")

    judges.begin(course, expected(), 2, 2)
    assert shown(judges, course, "a") == "a"
    assert shown(judges, course, "b") == "b"
    assert judged.here == ["b"]


def test_a_new_command_forgets_the_work_of_the_last(
    course: Course, judges: PrefetchingJudges, judged: Judged
) -> None:
    judges.begin(course, map(task, "ab"), 2, 2)
    shown(judges, course, "a")
    judges.begin(course, map(task, "c"), 1, 2)
    shown(judges, course, "a")
    assert judged.here == ["a"]


def test_closing_ends_all_processes_and_waiting_work(course: Course, judges: PrefetchingJudges) -> None:
    before = descendants(os.getpid())
    slow = [f"import time\ntime.sleep(30)\nx = {number}\n" for number in range(4)]
    judges.begin(course, map(task, slow), len(slow), 2)
    wait_until(lambda: len(descendants(os.getpid()) - before) > 2)
    began = time.monotonic()
    judges.close()
    wait_until(lambda: descendants(os.getpid()) <= before, 20)
    assert time.monotonic() - began < 20
