"""One worker after another for the course's own programs, which may share a process.

A submission has its worker to itself. Known mistakes are many and short: most of
their time would be spent on processes that begin and end.
"""

from __future__ import annotations

import threading

from grader.judge.sandbox.pipe import Pipe
from grader.judge.sandbox.sources import Worker, WorkerSource


class ReusedWorkers:
    """A source of workers that starts one only if none is left over from an earlier session."""

    def __init__(self, source: WorkerSource) -> None:
        """It does not close `source`."""
        self._source = source
        self._left: Worker | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        return self._source.alive

    def start(self) -> Worker:
        """Return a worker that waits for a program. Raises as the source's `start` does."""
        with self._lock:
            left, self._left = self._left, None
        if left is not None and (left.pipe.wait_for_silence(0) or not left.pipe.owes_nothing):
            left.end()  # it has died meanwhile, or was spoken to by who had just given it back
            left = None
        return _Lent(left or self._source.start(), self)

    def take_back(self, worker: Worker) -> None:
        """Keep a worker for the next session, if it waits for a program and none is kept already."""
        with self._lock:
            if worker.pipe.owes_nothing and self._left is None and not self._closed:
                self._left = worker
                return
        worker.end()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            left, self._left = self._left, None
        if left is not None:
            left.end()


class _Lent:
    """A worker that goes back to its source."""

    def __init__(self, worker: Worker, source: ReusedWorkers) -> None:
        self.pipe: Pipe = worker.pipe
        self._worker, self._source = worker, source

    def end(self) -> None:
        self._worker.end()

    def release(self) -> None:
        self._source.take_back(self._worker)
