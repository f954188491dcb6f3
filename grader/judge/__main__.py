"""`python -m grader.judge`: the judge process.

Reads one job (JSON, one line) from stdin and writes events (JSON Lines) to its
stdout: {"total": n}, then {"test": …} for each test, then {"report": …} or
{"broken": [problems]}. It ends itself, with its workers, when stdin closes.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError
from grader.judge import orphans
from grader.judge.check import SCRATCH, Job
from grader.judge.report import Environment, Report
from grader.judge.session import Session
from grader.judge.submission import Submission, read_submission


def main() -> None:
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    orphans.adopt()
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    try:
        _judge(job, events)
    except ContentError as error:
        _tell(events, {"broken": error.problems})
    except CourseError as error:
        _tell(events, {"failed": str(error), "exit_code": error.exit_code})
    os._exit(0)  # TensorFlow takes its time to be torn down, and there is nothing left to keep


def _tell(events: BinaryIO, event: dict[str, Any]) -> None:
    events.write(msgspec.json.encode(event) + b"\n")
    events.flush()


def _judge(job: Job, events: BinaryIO) -> None:
    started = time.monotonic()
    course = Course(Path(job.course))
    exercise = course.exercise(job.exercise)
    directory = course.exercise_dir(job.exercise)
    names = tuple(function.name for function in exercise.functions)
    learner = Session(Submission(job.name, job.cells), names, job.limits, job.seed, Path(job.cache))
    reference = Session(
        read_submission(directory / "solution.py"), names, job.limits, job.seed, Path(job.cache)
    )
    with learner, reference:
        threading.Thread(target=_end_with_parent, args=(learner, reference), daemon=True).start()
        learner.begin()
        from grader.judge.engine import Plan, run  # pytest and numpy, while the worker starts

        if any("model" in function.returns.values() for function in exercise.functions):
            # ready when the first model arrives; the worker imports its own meanwhile
            threading.Thread(target=_import_keras, daemon=True).start()
        plan = Plan(
            exercise,
            directory,
            job.seed,
            learner,
            reference,
            tell=lambda result: _tell(events, {"test": result}),
            announce=lambda total: _tell(events, {"total": total}),
        )
        tests = tuple(run(plan))
    score, best = sum(t.score for t in tests), sum(t.points for t in tests)
    report = Report(
        exercise=job.exercise,
        version=course.exercise_version(job.exercise),
        score=score,
        max_score=best,
        passed=bool(tests) and score == best > 0,
        tests=tests,
        mistakes=(),
        seed=job.seed,
        environment=_environment(),
        seconds=round(time.monotonic() - started, 2),
    )
    _tell(events, {"report": report})


def _end_with_parent(*sessions: Session) -> None:
    """Wait until whoever asked is gone, then leave nothing running."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdin.buffer.read()
    for session in sessions:
        session.close()
    if Path.cwd().name.startswith(SCRATCH):  # whoever made it may have been killed
        shutil.rmtree(Path.cwd(), ignore_errors=True)
    os._exit(1)


def _import_keras() -> None:
    with contextlib.suppress(ImportError):  # the first model will say it properly
        import keras  # noqa: F401


def _environment() -> Environment:
    return Environment(
        python=platform.python_version(),
        numpy=version("numpy"),
        tensorflow=version("tensorflow"),
        keras=version("keras"),
        platform=f"{platform.system()} {platform.machine()}",
        confinement="none: a separate process",
    )


if __name__ == "__main__":
    main()
