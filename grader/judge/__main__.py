"""`python -m grader.judge DIRECTORY`: the judge process, which makes that directory and deletes it.

Reads jobs (JSON Lines) from stdin and answers each on its stdout (JSON Lines):
{"total": n}, then {"test": …} for each test, then {"report": …},
{"broken": [problems]}, {"failed": text, "exit_code": n} or {"cancelled": true}.
Jobs are answered in order; one that is overtaken by a newer one is cancelled. When stdin closes, the
process ends, with its zygote and workers.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from typing import Any, BinaryIO

import msgspec

from grader.content.problem import ContentError
from grader.errors import CourseError
from grader.judge import orphans, scratch
from grader.judge.check import Job
from grader.judge.judging import Judging


class _Jobs:
    """Reads stdin in a thread of its own, so that a newer job can stop an older one."""

    def __init__(self, judging: Judging) -> None:
        self._judging = judging
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
                self._judging.stop()  # before the job can be taken: it is the older one that ends
                self._waiting.put(job)
        # whoever asked is gone: leave nothing running, whatever the main thread does
        self._judging.close()
        scratch.delete_own()
        os._exit(0)  # TensorFlow takes its time to be torn down


def serve(judging: Judging) -> None:
    """Answer jobs on stdin and stdout. Never returns."""
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    orphans.adopt()
    jobs = _Jobs(judging)
    while (job := jobs.next()) is not None:
        _tell(events, _judge(judging, job, jobs, events))
        judging.prepare()
    threading.Event().wait()  # the reading thread ends the process


def _judge(judging: Judging, job: Job, jobs: _Jobs, events: BinaryIO) -> dict[str, Any]:
    if jobs.is_newer:
        return {"cancelled": True}
    try:
        report = judging.judge(
            job,
            tell=lambda result: _tell(events, {"test": result}),
            announce=lambda total: _tell(events, {"total": total}),
            show=lambda cells: _tell(events, {"cells": cells}),
        )
    except ContentError as error:
        return {"broken": error.problems}
    except CourseError as error:
        return {"failed": str(error), "exit_code": error.exit_code}
    return {"cancelled": True} if jobs.is_newer else {"report": report}


def _tell(events: BinaryIO, event: dict[str, Any]) -> None:
    # whoever asked may be gone: then the reading thread tidies up, and must be let
    with contextlib.suppress(BrokenPipeError):
        events.write(msgspec.json.encode(event) + b"\n")
        events.flush()


if __name__ == "__main__":
    scratch.make_own(sys.argv[1])
    serve(Judging())
