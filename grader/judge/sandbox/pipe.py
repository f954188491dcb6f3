"""The judge's end of a worker's pipe.

Nothing here waits for a worker without a limit: two threads do the writing and
the reading, because a worker may refuse to do either.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import IO

from grader.judge.wire import messages as m
from grader.judge.wire.values import WireError


class WorkerTimedOut(Exception):
    """The worker did not answer in time; it has been ended."""


class WorkerCrashed(Exception):
    """The worker process ended by itself, or broke the rules of the wire."""


class Pipe:
    """Carries messages to and from one worker. The two files are closed by the pipe's threads."""

    def __init__(self, to_worker: IO[bytes], from_worker: IO[bytes]) -> None:
        self._to_worker = to_worker
        self._from_worker = from_worker
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        # few: a worker that talks without being asked must not fill the judge's memory
        self._inbox: queue.Queue[bytes | WireError | None] = queue.Queue(maxsize=2)
        self._owed = 0
        self._over = threading.Event()
        self._silent = threading.Event()
        for target in (self._write, self._read):
            threading.Thread(target=target, daemon=True, name=f"pipe{target.__name__}").start()

    def send(self, frame: bytes) -> None:
        """Hand over one framed message, at once; its answer shows whether the worker took it."""
        self._owed += 1
        self._outbox.put(frame)

    def receive(self, seconds: float) -> bytes:
        """Return the body of the next message. Raises WorkerTimedOut, WorkerCrashed, WireError."""
        try:
            if seconds <= 0:  # a worker that keeps talking is out of time too
                raise queue.Empty
            body = self._inbox.get(timeout=seconds)
        except queue.Empty:
            raise WorkerTimedOut from None
        if body is None or self._over.is_set():
            raise WorkerCrashed("the process ended")
        if isinstance(body, WireError):
            raise body
        self._owed -= 1
        return body

    @property
    def owes_nothing(self) -> bool:
        """True if each message to the worker was answered: it waits for the next one."""
        return self._owed == 0 and not self._over.is_set()

    def close(self) -> None:
        """Send and deliver nothing more; who waits in `receive`, in another thread, is told at once."""
        self._over.set()
        self._outbox.put(None)
        with contextlib.suppress(queue.Full):  # then there is something to wake up to
            self._inbox.put_nowait(None)

    def wait_for_silence(self, seconds: float) -> bool:
        """Wait until no process holds the other end any more; return whether that came in time."""
        return self._silent.wait(seconds)

    # The threads close their own ends: a process that learner code left behind
    # may hold the pipe open, and closing it from outside would wait for that.

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
                except (OSError, ValueError):
                    body = None
                if body is None:
                    self._silent.set()
                if not self._deliver(body):
                    break
            with contextlib.suppress(OSError, ValueError):
                while pipe.read(65536):  # what a worker says after its end has come
                    pass
        self._silent.set()

    def _deliver(self, body: bytes | WireError | None) -> bool:
        while not self._over.is_set():
            with contextlib.suppress(queue.Full):
                self._inbox.put(body, timeout=0.5)
                return True
        return False
