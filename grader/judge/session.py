"""The judge's end of the pipe: one submission, and the worker process that runs it now."""

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
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from grader.judge import messages as m
from grader.judge.submission import Submission
from grader.judge.wire import Value, WireError, decode, encode


class Limits(Struct, frozen=True):
    """Wall-clock limits, in seconds. Importing TensorFlow alone may take 10."""

    load: float = 120.0
    call: float = 30.0
    submission: float = 600.0


class WorkerTimedOut(Exception):
    """The worker did not answer in time; it has been ended."""


class WorkerCrashed(Exception):
    """The worker process ended by itself, or broke the rules of the wire."""


class Session:
    """Runs a submission in a worker process; after a crash or time-out in a fresh one."""

    def __init__(
        self, submission: Submission, functions: tuple[str, ...], limits: Limits, seed: int, cache: Path
    ) -> None:
        self.limits = limits
        self._load = m.Load(submission.cells, functions)
        self._environment = {"PYTHONHASHSEED": str(seed % 2**32), "MPLCONFIGDIR": str(cache / "matplotlib")}
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox: queue.Queue[bytes | WireError | None] = queue.Queue()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._deadline = time.monotonic() + limits.submission

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def out_of_time(self) -> bool:
        """True once the submission has used up its whole allowance."""
        return time.monotonic() >= self._deadline

    def begin(self) -> None:
        """Start a worker, which begins to load the submission while we do something else."""
        self._start()
        self._send(self._load)

    def load(self) -> m.Loaded | m.Raised:
        """Run the submission's top level in a worker. Raises WorkerTimedOut, WorkerCrashed."""
        if self._process is None:
            self.begin()
        reply = self._receive(self.limits.load)
        if not isinstance(reply, m.Loaded | m.Raised):
            self._broke("not an answer to Load")
        return reply

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> m.Returned | m.Raised:
        """Call one function; callables among the arguments run here, in the judge.

        Raises WorkerTimedOut, WorkerCrashed, AssertionError from a callable.
        """
        if self._process is None:
            self.load()
        callables: list[Callable[..., Any]] = []

        def reference(function: Callable[..., Any]) -> int:
            callables.append(function)
            return len(callables) - 1

        def wire(value: Any) -> Value:
            return encode(value, reference=reference)

        sent = {name: wire(value) for name, value in kwargs.items()}
        self._send(m.Call(function, tuple(map(wire, args)), sent))
        complaint: AssertionError | None = None
        deadline = time.monotonic() + self.limits.call
        while True:
            reply = self._receive(deadline - time.monotonic())
            if isinstance(reply, m.Callback):
                try:
                    self._send(m.Answer(wire(self._run(callables, reply))))
                except AssertionError as error:
                    complaint = complaint or error
                    self._send(m.Refusal("ValueError", str(error)[:200]))
                except Exception as error:  # the learner's arguments do not suit the callable
                    name = type(error).__name__ if type(error).__module__ == "builtins" else "ValueError"
                    self._send(m.Refusal(name, str(error)[:200]))
            elif isinstance(reply, m.Returned | m.Raised):
                if complaint is not None:
                    raise complaint
                return reply
            else:
                self._broke("not an answer to Call")

    def stop(self) -> None:
        """End the worker, with all it started, and delete its scratch directory."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _run(self, callables: list[Callable[..., Any]], asked: m.Callback) -> Any:
        if not 0 <= asked.id < len(callables):
            self._broke("a callable that does not exist")
        try:
            args = [decode(value) for value in asked.args]
            kwargs = {name: decode(value) for name, value in asked.kwargs.items()}
        except WireError as error:
            self._broke(str(error))
        return callables[asked.id](*args, **kwargs)

    def _start(self) -> None:
        self.stop()
        self._scratch = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        self._inbox = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.judge.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=worker_environment(Path(self._scratch.name)) | self._environment,
            start_new_session=True,
        )
        threading.Thread(
            target=_forward, args=(self._process.stdout, self._inbox), daemon=True, name="worker-reader"
        ).start()

    def _send(self, message: m.ToWorker) -> None:
        assert self._process is not None and self._process.stdin is not None
        try:
            m.send(self._process.stdin, message)
        except OSError:
            self.stop()
            raise WorkerCrashed("the process ended") from None

    def _receive(self, seconds: float) -> m.FromWorker:
        seconds = min(seconds, self._deadline - time.monotonic())
        try:
            if seconds <= 0:  # a worker that keeps talking is out of time too
                raise queue.Empty
            body = self._inbox.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise WorkerTimedOut from None
        if body is None:
            self.stop()
            raise WorkerCrashed("the process ended")
        if isinstance(body, WireError):
            self._broke(str(body))
        try:
            return m.parse_from_worker(body)
        except WireError as error:
            self._broke(str(error))

    def _broke(self, reason: str) -> NoReturn:
        self.stop()
        raise WorkerCrashed(reason)


def _forward(pipe: Any, inbox: queue.Queue[bytes | WireError | None]) -> None:
    """Read messages into the inbox until the pipe closes; reading in a thread gives time limits everywhere."""
    while True:
        try:
            body = m.receive_bytes(pipe)
        except WireError as error:
            inbox.put(error)
            return
        except (OSError, ValueError):
            body = None
        inbox.put(body)
        if body is None:
            return


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


QUIET_TENSORFLOW = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
