"""The loop of the judge process: read jobs from stdin and write events to stdout.

Jobs and events are defined in `grader.judge.jobs`, one JSON object per line. Jobs are answered in
order, and a newer job cancels an older one. When stdin closes, the process ends together with its
zygotes and workers.
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
    AnyJob,
    CellsFinished,
    CellsJob,
    CellsShown,
    ContentBroken,
    Event,
    FigureDrawn,
    JobCancelled,
    JobFailed,
    JobFinished,
    NetworksJob,
    NetworksTrained,
    QuestionsJob,
    QuestionsMade,
    TestFinished,
    TestsCollected,
    decode_job,
)
from grader.judge.server.job_runner import JobRunner
from grader.judge.server.memory_limit import limit_own_memory

LINGER = 0.2  # seconds; a client that wants one check only has left by then


class _JobQueue:
    """A queue that reads jobs from stdin in its own thread, so that a newer job can stop an older one."""

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner
        self._waiting: queue.Queue[AnyJob | None] = queue.Queue()
        self._read_so_far = self._taken = 0
        self._arrived = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> AnyJob | None:
        """Wait for the next job. Return None if there will be no more."""
        job = self._waiting.get()
        self._taken += 1
        self._arrived.clear()
        return job

    def arrives_within(self, seconds: float) -> bool:
        """Wait for a job to arrive, and leave it in the queue. Return False if none does."""
        return self.is_newer or self._arrived.wait(seconds)

    @property
    def is_newer(self) -> bool:
        """Return True if a job arrived after the one that `next` returned last."""
        return self._read_so_far > self._taken

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in sys.stdin.buffer:
                job = decode_job(line)
                self._read_so_far += 1
                self._runner.stop()  # called before the job is queued, so that only the older job stops
                self._waiting.put(job)
                self._arrived.set()
        # the client is gone: end everything, whatever the main thread is doing
        try:
            self._runner.close()
            scratch.delete_own()
        finally:
            os._exit(0)  # skips the slow shutdown of TensorFlow


def serve(runner: JobRunner, idles: bool = False) -> None:
    """Answer the jobs on stdin with events on stdout. Never returns.

    A judge that `idles` between two jobs prepares a worker even if its zygote is shared.
    """
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    processes.adopt_orphans()
    limit_own_memory()
    jobs = _JobQueue(runner)
    while (job := jobs.next()) is not None:
        _write(events, _judge(runner, job, jobs, events))
        if not (idles and jobs.arrives_within(LINGER)):
            runner.prepare(idles)
    threading.Event().wait()  # the reader thread ends the process


def _judge(runner: JobRunner, job: AnyJob, jobs: _JobQueue, events: BinaryIO) -> Event:
    if jobs.is_newer:
        return JobCancelled()
    try:
        done: Event
        if isinstance(job, CellsJob):
            done = CellsFinished(runner.run_cells(job))
        elif isinstance(job, NetworksJob):
            done = NetworksTrained(runner.train_networks(job))
        elif isinstance(job, QuestionsJob):
            done = QuestionsMade(runner.make_questions(job))
        else:
            report = runner.run(
                job,
                on_total=lambda total: _write(events, TestsCollected(total)),
                on_test=lambda result: _write(events, TestFinished(result)),
                on_cells=lambda cells: _write(events, CellsShown(cells)),
                on_figure=lambda pair: _write(events, FigureDrawn(pair)),
            )
            done = JobFinished(report)
    except ContentError as error:
        return ContentBroken(error.problems)
    except CourseError as error:
        return JobFailed.from_error(error)
    return JobCancelled() if jobs.is_newer else done


def _write(events: BinaryIO, event: Event) -> None:
    # if the client is gone, the reader thread cleans up and ends the process
    with contextlib.suppress(BrokenPipeError):
        events.write(msgspec.json.encode(event) + b"\n")
        events.flush()
