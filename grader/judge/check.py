"""Ask a judge process for a verdict. Light: importing this imports neither numpy nor pytest."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import platformdirs
from msgspec import Struct

from grader.content.course import Course
from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.messages import Cell
from grader.judge.process import QUIET_TENSORFLOW
from grader.judge.report import Report, TestResult
from grader.judge.session import Limits
from grader.judge.submission import Submission

SCRATCH = "course-judge-"
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


class _Event(Struct, frozen=True):
    total: int | None = None
    test: TestResult | None = None
    report: Report | None = None
    broken: tuple[Problem, ...] | None = None
    failed: str | None = None
    exit_code: int = 2


def default_seed(course: Course, exercise_id: str) -> int:
    """Return the seed of a learner's own checks: it changes only when the exercise does."""
    return int(course.exercise_version(exercise_id), 16) % 2**31


def check(
    course: Course,
    exercise_id: str,
    submission: Submission,
    seed: int,
    on_total: Callable[[int], None] = lambda total: None,
    on_test: Callable[[TestResult], None] = lambda result: None,
    limits: Limits = LIMITS,
) -> Report:
    """Judge one submission; `on_total` and `on_test` are told of progress.

    The judge runs in a process of its own with a clean environment, so that
    nothing in the working directory, PYTHONPATH or pytest's settings reaches it.
    Raises ContentError if the exercise is broken, EnvironmentProblem if the
    judge cannot run here.
    """
    job = Job(
        course=str(course.root.resolve()),
        exercise=exercise_id,
        name=submission.name,
        cells=submission.cells,
        seed=seed,
        cache=str(cache_dir()),
        limits=limits,
    )
    with tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as nowhere:
        log = Path(nowhere) / "stderr"
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.judge"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=nowhere,
                env=_environment(nowhere),
                start_new_session=True,  # Ctrl-C reaches the judge as a closed pipe, through us
            )
        try:
            return _follow(process, job, log, on_total, on_test)
        finally:
            _end(process)


def _follow(
    process: subprocess.Popen[bytes],
    job: Job,
    log: Path,
    on_total: Callable[[int], None],
    on_test: Callable[[TestResult], None],
) -> Report:
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        process.stdin.flush()  # and stays open: its end tells the judge that we are gone
    decoder = msgspec.json.Decoder(_Event)
    for line in process.stdout:
        event = decoder.decode(line)
        if event.total is not None:
            on_total(event.total)
        elif event.test is not None:
            on_test(event.test)
        elif event.broken is not None:
            raise ContentError(event.broken)
        elif event.failed is not None:
            error = CourseError(event.failed)
            error.exit_code = event.exit_code
            raise error
        elif event.report is not None:
            return event.report
    lines = log.read_text(errors="replace").strip().splitlines()
    raise EnvironmentProblem(
        f"the judge stopped without a verdict ({lines[-1] if lines else 'no message'}) — "
        "check that `python -c 'import tensorflow'` works, and the free memory"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close the judge's stdin, at which it ends with its workers; insist after a few seconds."""
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


def _environment(nowhere: str) -> dict[str, str]:
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
