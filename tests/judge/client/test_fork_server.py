"""Judges forked from one process give the same reports as judges started separately."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from judging import command_of, descendants, is_running, submission, wait_until
from sound_course import SOLUTION, SoundCourse

from grader.content.course import Course
from grader.errors import EnvironmentProblem
from grader.judge.client.fork_server import POSSIBLE, ForkServer
from grader.judge.client.judge import Judge
from grader.judge.report import Report

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="needs fork and pidfd")

EXERCISE = "exercise-x"
SOURCES = [SOLUTION, "import os\nos._exit(1)\n", "x = 1\n"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Set and yield the directory for temporary files of this process."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    yield tmp_path
    tempfile.tempdir = before


def verdict(judge: Judge, course: Course, source: str) -> Report:
    return judge.check(course, EXERCISE, submission(source), seed=3)


def test_every_judge_of_a_fork_server_gives_the_same_verdicts(course: Course) -> None:
    with (
        Judge() as alone,
        ForkServer(course, EXERCISE) as fork_server,
        Judge(fork_server) as one,
        Judge(fork_server) as other,
    ):
        for source in SOURCES:
            expected = verdict(alone, course, source)
            for judge in (one, other):
                assert verdict(judge, course, source).tests == expected.tests
                assert verdict(judge, course, source).environment == expected.environment


def test_judges_work_at_the_same_time(course: Course) -> None:
    with (
        ForkServer(course, EXERCISE) as fork_server,
        Judge(fork_server) as one,
        Judge(fork_server) as other,
    ):
        with ThreadPoolExecutor(2) as threads:
            reports = threads.map(lambda judge: verdict(judge, course, SOLUTION), (one, other))
        assert all(report.passed for report in reports)


def kill_zygote(fork_server: ForkServer) -> None:
    for pid in descendants(fork_server.pid):
        if "grader.judge.worker.zygote" in command_of(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_a_submission_whose_zygote_was_killed_is_not_blamed(course: Course) -> None:
    """Its worker ends with the zygote during a call."""
    slow = "import time\ndef scaled(x, factor=2): return x * factor\ndef first(x): time.sleep(8)\n"
    with (
        ForkServer(course, EXERCISE) as fork_server,
        Judge(fork_server) as judge,
        pytest.raises(EnvironmentProblem, match="ended unexpectedly"),
    ):
        # the first test has ended; others, the slow one last, are under way
        judge.check(course, EXERCISE, submission(slow), 3, on_test=lambda result: kill_zygote(fork_server))


def test_a_zygote_that_was_killed_is_replaced(course: Course) -> None:
    with ForkServer(course, EXERCISE) as fork_server:
        with Judge(fork_server) as judge:
            verdict(judge, course, SOLUTION)
            kill_zygote(fork_server)
            with contextlib.suppress(
                EnvironmentProblem
            ):  # a judge cannot replace the zygote of another process
                verdict(judge, course, SOLUTION)
        with Judge(fork_server) as judge:
            assert verdict(judge, course, SOLUTION).passed


def test_a_judge_starts_by_itself_if_the_fork_server_is_gone(course: Course) -> None:
    with ForkServer(course, EXERCISE) as fork_server:
        os.kill(fork_server.pid, signal.SIGKILL)
        with Judge(fork_server) as judge:
            assert verdict(judge, course, SOLUTION).passed


def test_an_exercise_that_is_broken_is_the_judges_to_report(course: Course) -> None:
    with ForkServer(course, "exercise-nowhere") as fork_server, Judge(fork_server) as judge:
        assert verdict(judge, course, SOLUTION).passed


def test_nothing_is_left(course: Course, scratch: Path) -> None:
    with ForkServer(course, EXERCISE) as fork_server:
        with Judge(fork_server) as judge:
            verdict(judge, course, SOLUTION)
        started = descendants(fork_server.pid) | {fork_server.pid}
    wait_until(lambda: not any(map(is_running, started)))
    assert list(scratch.iterdir()) == []
