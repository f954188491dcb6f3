"""The judge's end of a worker's pipe.

Two threads write and read, because a worker may stop reading or writing. The
judge's own thread never waits for a worker without a time limit.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import IO

from grader.judge.wire import messages as m
from grader.judge.wire.values import WireError


class WorkerTimedOut(Exception):
    """The worker did not answer in time. The session has ended it."""


class WorkerCrashed(Exception):
    """The worker process exited, or sent a message that breaks the rules of the wire."""


class Pipe:
    """A message channel to one worker. The pipe's threads close the two files."""

    def __init__(self, to_worker: IO[bytes], from_worker: IO[bytes]) -> None:
        self._to_worker = to_worker
        self._from_worker = from_worker
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        # small, so that a worker that sends unrequested messages cannot fill the judge's memory
        self._inbox: queue.Queue[bytes | WireError | None] = queue.Queue(maxsize=2)
        self._owed = 0
        self._over = threading.Event()
        self._silent = threading.Event()
        for target in (self._write, self._read):
            threading.Thread(target=target, daemon=True, name=f"pipe{target.__name__}").start()

    def send(self, frame: bytes) -> None:
        """Queue one framed message and return at once. Errors show when its answer is received."""
        self._owed += 1
        self._outbox.put(frame)

    def receive(self, seconds: float) -> bytes:
        """Wait up to `seconds` for the body of the next message.

        Raises WorkerTimedOut, WorkerCrashed, WireError.
        """
        try:
            if seconds <= 0:  # applies even if a message is waiting
                raise queue.Empty
            body = self._inbox.get(timeout=seconds)
        except queue.Empty:
            raise WorkerTimedOut from None
        if body is None or self._over.is_set():
            raise WorkerCrashed("the process exited")
        if isinstance(body, WireError):
            raise body
        self._owed -= 1
        return body

    @property
    def owes_nothing(self) -> bool:
        """Return True if the worker has answered every message and waits for the next one."""
        return self._owed == 0 and not self._over.is_set()

    def close(self) -> None:
        """Stop sending and delivering. A `receive` that waits in another thread raises at once."""
        self._over.set()
        self._outbox.put(None)
        with contextlib.suppress(queue.Full):  # a full inbox wakes the waiting thread as well
            self._inbox.put_nowait(None)

    def wait_for_silence(self, seconds: float) -> bool:
        """Wait until no process holds the other end. Return False if `seconds` pass first."""
        return self._silent.wait(seconds)

    # Each thread closes its own file. A process that learner code left behind may hold
    # the pipe open, and closing the file from another thread would wait for that process.

    def _write(self) -> None:
        with contextlib.suppress(OSError), self._to_worker as pipe:
            while (message := self._outbox.get()) is not None:
                pipe.write(message)
                pipe.flush()

    def _read(self) -> None:
        with self._from_worker as pipe:
            body: bytes | WireError | None = b""
            while isinstance(body, bytes):
                try:
                    body = m.receive_bytes(pipe)
                except WireError as error:
                    body = error
                except MemoryError:
                    body = WireError("the judge has no memory for it")
                except (OSError, ValueError):
                    body = None
                if body is None:
                    self._silent.set()
                if not self._deliver(body):
                    break
            with contextlib.suppress(OSError, ValueError):
                while pipe.read(65536):  # discard what the worker sends after the end
                    pass
        self._silent.set()

    def _deliver(self, body: bytes | WireError | None) -> bool:
        while not self._over.is_set():
            with contextlib.suppress(queue.Full):
                self._inbox.put(body, timeout=0.5)
                return True
        return False
