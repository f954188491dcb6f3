"""The loop of the judge process: read jobs from stdin, write events to stdout.

`grader.judge.jobs` has both; each is one JSON object per line. Jobs are answered in order, and a
job that a newer one overtakes is cancelled. When stdin closes, the process ends with its zygote
and workers.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from typing import BinaryIO

import msgspec

from grader.content.problem import ContentError
from grader.errors import CourseError
from grader.judge import processes, scratch
from grader.judge.jobs import (
    CellsShown,
    ContentBroken,
    Event,
    Job,
    JobCancelled,
    JobFailed,
    JobFinished,
    TestFinished,
    TestsCollected,
)
from grader.judge.server.runner import JobRunner


class _Jobs:
    """Reads stdin in a thread of its own, so that a newer job can stop an older one."""

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._read_so_far = self._taken = 0
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Job | None:
        """Return the next job, or None when there will be no more."""
        job = self._waiting.get()
        self._taken += 1
        return job

    @property
    def is_newer(self) -> bool:
        """True if a job has come in after the one that `next` returned."""
        return self._read_so_far > self._taken

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in sys.stdin.buffer:
                job = msgspec.json.decode(line, type=Job)
                self._read_so_far += 1
                self._runner.stop()  # before the job can be taken: it is the older one that ends
                self._waiting.put(job)
        # whoever asked is gone: leave nothing running, whatever the main thread does
        self._runner.close()
        scratch.delete_own()
        os._exit(0)  # TensorFlow takes its time to be torn down


def serve(runner: JobRunner) -> None:
    """Answer jobs on stdin and stdout. Never returns."""
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    processes.adopt_orphans()
    jobs = _Jobs(runner)
    while (job := jobs.next()) is not None:
        _tell(events, _judge(runner, job, jobs, events))
        runner.prepare()
    threading.Event().wait()  # the reading thread ends the process


def _judge(runner: JobRunner, job: Job, jobs: _Jobs, events: BinaryIO) -> Event:
    if jobs.is_newer:
        return JobCancelled()
    try:
        report = runner.run(
            job,
            on_total=lambda total: _tell(events, TestsCollected(total)),
            on_test=lambda result: _tell(events, TestFinished(result)),
            on_cells=lambda cells: _tell(events, CellsShown(cells)),
        )
    except ContentError as error:
        return ContentBroken(error.problems)
    except CourseError as error:
        return JobFailed.from_error(error)
    return JobCancelled() if jobs.is_newer else JobFinished(report)


def _tell(events: BinaryIO, event: Event) -> None:
    # whoever asked may be gone: then the reading thread tidies up, and must be let
    with contextlib.suppress(BrokenPipeError):
        events.write(msgspec.json.encode(event) + b"\n")
        events.flush()
