"""One worker process: its start, its pipe, its scratch directory and its end.

Nothing here waits for a worker without a limit: two threads do the writing and
the reading, because a worker may refuse to do either.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import site
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from grader.judge import messages as m
from grader.judge import orphans
from grader.judge.wire import WireError

QUIET_TENSORFLOW = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


class WorkerTimedOut(Exception):
    """The worker did not answer in time; it has been ended."""


class WorkerCrashed(Exception):
    """The worker process ended by itself, or broke the rules of the wire."""


class WorkerProcess:
    """A running worker. Start it from a thread that outlives it: the worker ends with that thread."""

    def __init__(self, environment: dict[str, str], memory: int) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        # few: a worker that talks without being asked must not fill the judge's memory
        self._inbox: queue.Queue[bytes | WireError | None] = queue.Queue(maxsize=2)
        self._over = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.judge.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=worker_environment(Path(self._scratch.name)) | environment,
            start_new_session=True,
        )
        orphans.know(self._process.pid)
        for target in (self._write, self._read):
            threading.Thread(target=target, daemon=True, name=f"worker{target.__name__}").start()

    def send(self, message: m.ToWorker) -> None:
        """Hand over one message; that the worker took it shows in its answer. Raises WireError."""
        self._outbox.put(m.framed(message))

    def receive(self, seconds: float) -> bytes:
        """Return the body of the next message. Raises WorkerTimedOut, WorkerCrashed, WireError."""
        try:
            if seconds <= 0:  # a worker that keeps talking is out of time too
                raise queue.Empty
            body = self._inbox.get(timeout=seconds)
        except queue.Empty:
            raise WorkerTimedOut from None
        if body is None:
            raise WorkerCrashed("the process ended")
        if isinstance(body, WireError):
            raise body
        return body

    def end(self) -> None:
        """End the process with all it started, and delete its scratch directory."""
        self._over.set()
        self._outbox.put(None)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        orphans.forget(self._process.pid)
        orphans.end_all()
        self._scratch.cleanup()

    # The threads close their own ends: a process that learner code left behind
    # may hold the pipe open, and closing it from outside would wait for that.

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while (message := self._outbox.get()) is not None:
                pipe.write(message)
                pipe.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            body: bytes | WireError | None = b""
            while isinstance(body, bytes):
                try:
                    body = m.receive_bytes(pipe)
                except WireError as error:
                    body = error
                except (OSError, ValueError):
                    body = None
                if not self._deliver(body):
                    return

    def _deliver(self, body: bytes | WireError | None) -> bool:
        while not self._over.is_set():
            with contextlib.suppress(queue.Full):
                self._inbox.put(body, timeout=0.5)
                return True
        return False


def worker_environment(scratch: Path) -> dict[str, str]:
    """Return the few variables a worker is given; nothing of the user's environment that it could read."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **QUIET_TENSORFLOW,
    }
