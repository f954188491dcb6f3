"""The judge's end of the pipe: one submission, and the worker process that runs it now."""

from __future__ import annotations

import builtins
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import msgspec

from grader.errors import EnvironmentProblem
from grader.judge.jobs import Limits
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.sandbox.sources import Worker, WorkerSource
from grader.judge.submission import Submission
from grader.judge.wire import messages as m
from grader.judge.wire.values import Value, WireError, decode, encode

MAX_REFERENCES = 20_000
MAX_KEPT = 20_000_000  # bytes of answers that are kept until the test is over


class SentMessage(NamedTuple):
    """A message to a worker, as it went on the pipe; with one that begins a call, time begins too."""

    frame: bytes
    begins_call: bool


class Session:
    """Runs a submission in a worker process; after a crash or time-out in a fresh one."""

    def __init__(
        self,
        submission: Submission,
        functions: tuple[str, ...],
        workers: WorkerSource,
        limits: Limits,
        seed: int,
    ) -> None:
        self.limits = limits
        self._load = m.Load(submission.cells, functions, seed)
        self._workers = workers
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._new_test = False
        self._call_ends = 0.0
        self._said: list[SentMessage] = []  # since the test began, as is what was heard
        self._heard: list[bytes | Exception | None] = []
        self._place = 0  # of what the test has been told
        self.received = 0  # bytes, so far
        self._room = MAX_KEPT
        self._deadline = time.monotonic() + limits.submission

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def cells(self) -> tuple[m.Cell, ...]:
        """The submission's source."""
        return self._load.cells

    @property
    def out_of_time(self) -> bool:
        """True once the submission has used up its whole allowance."""
        return self.seconds_left <= 0

    @property
    def seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def begin(self) -> None:
        """Start a worker, which begins to load the submission."""
        self.stop()
        with self._lock:
            if self._closed:
                raise WorkerCrashed("the judge is ending")
            self._worker = self._workers.start()
            self._worker.pipe.send(m.framed(self._load))

    def load(self) -> m.Loaded | m.Raised:
        """Run the submission's top level in a worker. Raises WorkerTimedOut, WorkerCrashed."""
        if self._worker is None:
            self.begin()
        try:
            reply = self._read(self._next(self.limits.load))
        except WorkerCrashed:
            if self._workers.alive:
                raise
            self.begin()  # it was not the submission that ended it
            reply = self._read(self._next(self.limits.load))
        if not isinstance(reply, m.Loaded | m.Raised):
            self._broke("not an answer to Load")
        return reply

    def new_test(self) -> None:
        """Have the next call begin with freshly seeded generators, whatever tests ran before."""
        self._new_test = True
        self._said, self._heard, self._place = [], [], 0
        self._room = self.received + MAX_KEPT

    @property
    def has_begun(self) -> bool:
        """True if something was said since the test began."""
        return bool(self._said)

    def rehearse(self, message: SentMessage) -> bytes | None:
        """Say now what the test will say next, and return the answer; None if there is none.

        The test is told when it gets there: it cannot tell whether it was rehearsed.
        """
        if self._worker is None:
            return None
        self._say(message)
        heard = self._heard[-1]
        return heard if isinstance(heard, bytes) else None

    @property
    def exchanged(self) -> list[tuple[SentMessage, bytes]]:
        """What was said since the test began, each with its answer.

        Nothing if an answer is not there any more, or the test was not told of all: it was not run.
        """
        if self._was_rehearsed:
            return []
        heard = [each for each in self._heard if isinstance(each, bytes)]
        return [*zip(self._said, heard, strict=True)] if len(heard) == len(self._said) else []

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        on_ask: Callable[[int, Callable[..., Any], m.Callback], None] = lambda number, asked, what: None,
    ) -> m.Returned | m.Raised:
        """Call one function; callables and stand-ins among the arguments run here, in the judge.

        `on_ask` is told of each call of theirs: the callable's number in order of
        being handed out, the callable, and what it is called with.
        Raises WorkerTimedOut, WorkerCrashed, AssertionError from a callable.
        """
        if self._worker is None and not self._was_rehearsed:
            loaded = self.load()
            if isinstance(loaded, m.Raised):
                self.stop()  # there is no module to call
                return self._plausible(loaded)
        callables: list[Callable[..., Any]] = []

        def reference(function: Callable[..., Any]) -> int:
            if len(callables) >= MAX_REFERENCES:
                raise ValueError("too many objects were asked for in one call")
            callables.append(function)
            return len(callables) - 1

        def wire(value: Any) -> Value:
            return encode(value, reference=reference)

        sent = {name: wire(value) for name, value in kwargs.items()}
        seed, self._new_test = self._load.seed if self._new_test else None, False
        self._send(m.Call(function, tuple(map(wire, args)), sent, seed))
        complaint: AssertionError | None = None
        while True:
            reply = self._receive()
            if isinstance(reply, m.Callback):
                asked, given, named = self._asked(callables, reply)
                on_ask(reply.id, asked, reply)
                try:
                    answer: m.CallbackReturned | m.CallbackRaised = m.CallbackReturned(
                        wire(asked(*given, **named))
                    )
                except AssertionError as error:
                    complaint = complaint or error
                    answer = m.CallbackRaised("ValueError", str(error)[:200])
                except Exception as error:  # the learner's arguments do not suit the callable
                    name = type(error).__name__ if type(error).__module__ == "builtins" else "ValueError"
                    answer = m.CallbackRaised(name, str(error)[:200])
                self._send(answer)
            elif isinstance(reply, m.Returned | m.Raised):
                if isinstance(reply, m.Raised) and "MemoryError" in reply.bases:
                    self.stop()  # what is left of it is not to be relied on
                if complaint is not None:
                    raise complaint
                return self._plausible(reply) if isinstance(reply, m.Raised) else reply
            else:
                self._broke("not an answer to Call")

    def stop(self) -> None:
        """End the worker; the next call gets a fresh one."""
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.end()

    def close(self) -> None:
        """Do without the worker, and start no other."""
        self._closed = True
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.release()

    def _asked(
        self, callables: list[Callable[..., Any]], asked: m.Callback
    ) -> tuple[Callable[..., Any], list[Any], dict[str, Any]]:
        if not 0 <= asked.id < len(callables):
            self._broke("a callable that does not exist")
        try:
            args = [decode(value) for value in asked.args]
            kwargs = {name: decode(value) for name, value in asked.kwargs.items()}
        except (WireError, RecursionError) as error:
            self._broke(str(error))
        return callables[asked.id], args, kwargs

    def _plausible(self, raised: m.Raised) -> m.Raised:
        """Drop what cannot be true: a hidden test shows the rest, which therefore must not carry its data."""
        bases = tuple(name for name in raised.bases if _is_builtin_error(name))
        lines = {cell.label: cell.source.count("\n") + 1 for cell in self._load.cells}
        if raised.line is not None and 0 < raised.line <= lines.get(raised.label or "", 0):
            return msgspec.structs.replace(raised, bases=bases)
        return msgspec.structs.replace(raised, bases=bases, label=None, line=None)

    @property
    def _was_rehearsed(self) -> bool:
        """True if what the test says next was said already."""
        return self._place < len(self._heard)

    def _send(self, message: m.ToWorker) -> None:
        if not self._was_rehearsed:
            self._say(SentMessage(m.framed(message), isinstance(message, m.Call)))

    def _say(self, message: SentMessage) -> None:
        """Send a message and keep what comes back, be it an answer or an end.

        Raises EnvironmentProblem if it was not the submission's own end.
        """
        if message.begins_call:
            self._call_ends = time.monotonic() + self.limits.call
        self._said.append(message)
        try:
            worker = self._worker
            if worker is None:  # the judge is ending
                raise WorkerCrashed("the process ended")
            worker.pipe.send(message.frame)
            self._heard.append(self._next(self._call_ends - time.monotonic()))
        except (WorkerTimedOut, WorkerCrashed) as error:
            if isinstance(error, WorkerCrashed) and not self._closed and not self._workers.alive:
                raise EnvironmentProblem(
                    "the process that starts others has ended, and the submission with it — check it again"
                ) from None
            self._heard.append(error)

    def _receive(self) -> m.FromWorker:
        """Return the answer to what was said at this place of the test."""
        heard = self._heard[self._place]
        assert heard is not None  # only what has been returned is forgotten
        if isinstance(heard, Exception):
            self._place += 1
            raise heard
        if self.received > self._room:
            self._heard[self._place] = None
        self._place += 1
        return self._read(heard)

    def _next(self, seconds: float) -> bytes:
        """Wait for what the worker says next. Raises WorkerTimedOut, WorkerCrashed."""
        worker = self._worker
        if worker is None:  # the judge is ending
            raise WorkerCrashed("the process ended")
        try:
            return worker.pipe.receive(min(seconds, self._deadline - time.monotonic()))
        except WireError as error:
            self._broke(str(error))
        except (WorkerTimedOut, WorkerCrashed):
            self.stop()
            raise

    def _read(self, body: bytes) -> m.FromWorker:
        self.received += len(body)
        try:
            return m.parse_from_worker(body)
        except WireError as error:
            self._broke(str(error))

    def _broke(self, reason: str) -> NoReturn:
        self.stop()
        raise WorkerCrashed(reason)


def _is_builtin_error(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)
