"""Reuse a worker for the course's own programs, one after another.

Each submission gets its own worker. Known mistakes are many and short, so most of
their time would go into starting and ending processes.
"""

from __future__ import annotations

import threading

from grader.judge.sandbox.pipe import Pipe
from grader.judge.sandbox.sources import Worker, WorkerSource
from grader.judge.wire.control import CpuUse


class ReusedWorkers:
    """A source that starts a worker only if an earlier session has not left one."""

    def __init__(self, source: WorkerSource) -> None:
        """Use workers from `source`, which `close` leaves open."""
        self._source = source
        self._kept: Worker | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Return True if the underlying source is alive."""
        return self._source.alive

    def start(self) -> Worker:
        """Return a worker that waits for a program. Raises the errors of the source's `start`."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None and (kept.pipe.wait_for_silence(0) or not kept.pipe.owes_nothing):
            kept.end()  # it has died, or the session that returned it has sent it a message since
            kept = None
        return _LentWorker(kept or self._source.start(), self)

    def take_back(self, worker: Worker) -> None:
        """Keep `worker` for the next session if it is idle and no other is kept. Otherwise end it."""
        with self._lock:
            if worker.pipe.owes_nothing and self._kept is None and not self._closed:
                self._kept = worker
                return
        worker.end()

    def close(self) -> None:
        """End the kept worker and keep no other."""
        with self._lock:
            self._closed = True
            kept, self._kept = self._kept, None
        if kept is not None:
            kept.end()


class _LentWorker:
    """A worker that returns to its source when released."""

    def __init__(self, worker: Worker, source: ReusedWorkers) -> None:
        self.pipe: Pipe = worker.pipe
        self._worker, self._source = worker, source

    def cpu_since(self, began: float) -> CpuUse | None:
        return self._worker.cpu_since(began)

    def end(self) -> None:
        self._worker.end()

    def release(self) -> None:
        self._source.take_back(self._worker)
