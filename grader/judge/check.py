"""Ask a judge process for a verdict. Light: importing this imports neither numpy nor pytest."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec
import platformdirs
from msgspec import Struct

from grader.content.course import Course
from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem
from grader.judge import orphans, scratch
from grader.judge.messages import Cell
from grader.judge.outputs import OnCells, ShownCell
from grader.judge.report import Report, TestResult
from grader.judge.session import Limits
from grader.judge.submission import Submission
from grader.judge.workers import QUIET_TENSORFLOW

LIMITS = Limits()


class Job(Struct, frozen=True):
    """One line on the judge's stdin."""

    course: str
    exercise: str
    name: str
    cells: tuple[Cell, ...]
    seed: int
    cache: str
    limits: Limits = LIMITS
    anew: bool = False  # run every test, also those that have met the same answers before


class _Event(Struct, frozen=True):
    total: int | None = None
    test: TestResult | None = None
    cells: tuple[ShownCell, ...] | None = None
    report: Report | None = None
    broken: tuple[Problem, ...] | None = None
    failed: str | None = None
    exit_code: int = 2
    cancelled: bool = False


def default_seed(course: Course, exercise_id: str) -> int:
    """Return the seed of a learner's own checks: it changes only when the exercise does."""
    return int(course.exercise_version(exercise_id), 16) % 2**31


class Cancelled(Exception):
    """A newer job has taken this one's place, or the judge has been closed."""


class JudgeProcess(Protocol):
    """What a judge process is to who has started it."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises TimeoutExpired."""

    def kill(self) -> None: ...


class JudgeSource(Protocol):
    """Where judge processes are started other than by themselves."""

    directory: str  # where they have theirs

    def start(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        """Start one with this directory and this stderr. Raises OSError."""


def alone(directory: str, stderr: IO[bytes]) -> JudgeProcess:
    """Start a judge process as a child of this one. Raises OSError."""
    process: Any = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.judge", directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=clean_environment(directory),
        start_new_session=True,  # Ctrl-C reaches the judge as a closed pipe, through us
    )
    started: JudgeProcess = process  # both pipes are there
    return started


class Judge:
    """A judge process. It has a clean environment and a directory of its own.

    So nothing in the working directory, PYTHONPATH or pytest's settings reaches
    it. It stays warm between checks.
    """

    def __init__(self, source: JudgeSource | None = None, anew: bool = False) -> None:
        """Start it, by itself or from a source.

        With `anew` it runs every test. Raises OSError.
        """
        self._anew = anew
        self._closed = False
        self._directory = scratch.choose(source.directory if source else None)
        with contextlib.ExitStack() as stack:
            self._log = stack.enter_context(tempfile.TemporaryFile())
            self._process = (source.start if source else alone)(self._directory, self._log)
            stack.pop_all()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(
        self,
        course: Course,
        exercise_id: str,
        submission: Submission,
        seed: int,
        on_total: Callable[[int], None] = lambda total: None,
        on_test: Callable[[TestResult], None] = lambda result: None,
        limits: Limits = LIMITS,
        on_cells: OnCells = lambda cells: None,
    ) -> Report:
        """Judge one submission; `on_total` and `on_test` are told of progress.

        `on_cells` is given what the submission's cells showed when they ran; it
        is no part of the report, and no test has seen it.

        Called from another thread while a check runs, it makes that one raise
        Cancelled. Raises ContentError if the exercise is broken,
        EnvironmentProblem if the judge cannot run here.
        """
        self.ask(course, exercise_id, submission, seed, limits)
        return self.answer(on_total, on_test, on_cells)

    def ask(
        self, course: Course, exercise_id: str, submission: Submission, seed: int, limits: Limits = LIMITS
    ) -> None:
        """Hand over a job; a job that is not finished is cancelled."""
        job = Job(
            course=str(course.root.resolve()),
            exercise=exercise_id,
            name=submission.name,
            cells=submission.cells,
            seed=seed,
            cache=str(cache_dir()),
            limits=limits,
            anew=self._anew,
        )
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(msgspec.json.encode(job) + b"\n")
            self._process.stdin.flush()  # and stays open: its end tells the judge that we are gone

    def answer(
        self,
        on_total: Callable[[int], None] = lambda total: None,
        on_test: Callable[[TestResult], None] = lambda result: None,
        on_cells: OnCells = lambda cells: None,
    ) -> Report:
        """Wait for the verdict on the oldest job that has none yet. Raises as `check` does."""
        decoder = msgspec.json.Decoder(_Event)
        for line in self._process.stdout:
            try:
                event = decoder.decode(line)
            except msgspec.DecodeError:
                break  # it was killed in the middle of a line
            if event.total is not None:
                on_total(event.total)
            elif event.test is not None:
                on_test(event.test)
            elif event.cells is not None:
                on_cells(event.cells)
            elif event.cancelled:
                raise Cancelled
            elif event.broken is not None:
                raise ContentError(event.broken)
            elif event.failed is not None:
                error = CourseError(event.failed)
                error.exit_code = event.exit_code
                raise error
            elif event.report is not None:
                return event.report
        if self._closed:
            raise Cancelled
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        raise EnvironmentProblem(
            f"the judge stopped without a verdict ({lines[-1] if lines else 'no message'}) — "
            "check that `python -c 'import tensorflow'` works, and the free memory"
        )

    def close(self) -> None:
        """Close the judge's stdin, at which it ends with all it started; insist after a few seconds."""
        self._closed = True
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            orphans.kill_group(self._process)
        self._log.close()
        scratch.delete(self._directory)  # it may have been killed


def check(
    course: Course,
    exercise_id: str,
    submission: Submission,
    seed: int,
    on_total: Callable[[int], None] = lambda total: None,
    on_test: Callable[[TestResult], None] = lambda result: None,
    limits: Limits = LIMITS,
    on_cells: OnCells = lambda cells: None,
) -> Report:
    """Judge one submission with a judge process of its own. See `Judge.check`."""
    with Judge() as judge:
        return judge.check(course, exercise_id, submission, seed, on_total, on_test, limits, on_cells)


def clean_environment(nowhere: str) -> dict[str, str]:
    """The user's environment without what steers Python or pytest, or changes Keras's defaults."""
    dropped = ("PYTHON", "PYTEST", "COV_", "KERAS", "TF_", "MPL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "KERAS_HOME": nowhere, "TMPDIR": nowhere}
    return kept | own | QUIET_TENSORFLOW


def cache_dir() -> Path:
    """Return a writable directory for what may be deleted at any time."""
    path = Path(platformdirs.user_cache_dir("course"))
    try:
        path.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.W_OK):
            return path
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"course-cache-{os.getuid() if hasattr(os, 'getuid') else 0}"
