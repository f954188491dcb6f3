"""The judge's session with one submission and the worker process that runs it."""

from __future__ import annotations

import builtins
import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import msgspec

from grader.errors import EnvironmentProblem
from grader.judge.jobs import Limits
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.sandbox.sources import Worker, WorkerSource
from grader.judge.server.callable_errors import told_error
from grader.judge.server.waiting import is_certain, more_seconds
from grader.judge.submission import Submission
from grader.judge.wire import messages as m
from grader.judge.wire.values import Value, WireError, decode, encode

MAX_REFERENCES = 20_000  # callables sent in one call
MAX_REPLY_BYTES = 20_000_000  # bytes of answers kept until the test ends
_LOAD_MARGIN = 0.1  # the part of the time for loading that is left for the answer


class SentMessage(NamedTuple):
    """A message sent to a worker, with its framing. One that begins a call starts the call's time limit."""

    frame: bytes
    begins_call: bool


class Session:
    """A session that runs a submission in a worker. After a crash or timeout it uses a new worker."""

    def __init__(
        self,
        submission: Submission,
        functions: tuple[str, ...],
        workers: WorkerSource,
        limits: Limits,
        seed: int,
        strict: bool = False,
        replaced: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """In a `strict` session, a statement that fails while the submission loads fails every call.

        The callables in `replaced` run in the judge, in the place of the submission's functions.
        """
        self.limits = limits
        self._replaced = replaced or {}
        self.functions: dict[
            str, m.FunctionInfo
        ] = {}  # as the submission defined them when it was loaded first
        self.missing: tuple[str, ...] = ()  # modules that were imported in vain then
        self.shown_errors: set[tuple[str, m.Raised]] = set()  # with their functions, from visible tests
        self._strict = strict
        self._load = m.Load(
            submission.cells,
            functions,
            seed_of_worker(seed),
            submission.files,
            limits.load - _LOAD_MARGIN * limits.load,
            limits.statement,
            tuple(self._replaced),
            submission.data,
        )
        self._workers = workers
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._new_test = False
        self._call_began = 0.0
        self.disturbed = False  # True if something failed that may succeed on an idle machine
        self._sent: list[SentMessage] = []  # messages since the test began, and the replies to them
        self._replies: list[bytes | Exception | None] = []
        self._position = 0  # number of replies that the test has received
        self.received = 0  # bytes received so far
        self._room = MAX_REPLY_BYTES
        self._deadline = time.monotonic() + limits.submission

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def cells(self) -> tuple[m.Cell, ...]:
        """Return the submission's source."""
        return self._load.cells

    @cached_property
    def lines(self) -> dict[str, int]:
        """The number of lines of each cell and helper file, by label."""
        return {label: source.count("\n") + 1 for label, source in self._sources.items()}

    def parameters(self, function: str) -> tuple[m.Parameter, ...] | None:
        """Return the parameters of a function, or None if they are not known."""
        found = None if function in self._replaced else self.functions.get(function)
        return None if found is None else found.parameters

    def line_of(self, label: str, line: int) -> str:
        """Return a line of the submission's source; lines count from 1."""
        lines = self._sources.get(label, "").split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else ""

    @cached_property
    def sources(self) -> tuple[m.Cell, ...]:
        """The cells, and the helper files as further cells."""
        return (*self._load.cells, *(m.Cell(file.path, file.source) for file in self._load.files))

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {cell.label: cell.source for cell in reversed(self.sources)}

    @property
    def out_of_time(self) -> bool:
        """Return True if the submission has used up its time."""
        return self.seconds_left <= 0

    @property
    def seconds_left(self) -> float:
        """Return the seconds that the submission has left."""
        return self._deadline - time.monotonic()

    def begin(self) -> None:
        """Start a worker that begins to load the submission. Raises WorkerCrashed if the judge is ending."""
        self.stop()
        with self._lock:
            if self._closed:
                raise WorkerCrashed("the judge is ending")
            self._worker = self._workers.start()
            self._worker.pipe.send(m.framed(self._load))

    def load(self) -> m.Loaded | m.Raised:
        """Run the submission's top-level code in a worker. Raises WorkerTimedOut, WorkerCrashed."""
        if self._worker is None:
            self.begin()
        try:
            reply = self._parse(self._wait(time.monotonic(), self.limits.load))
        except WorkerCrashed:
            if self._workers.alive:
                raise
            self.begin()  # the source died and ended the worker, not the submission
            reply = self._parse(self._wait(time.monotonic(), self.limits.load))
        if not isinstance(reply, m.Loaded | m.Raised):
            self._fail("the message is not an answer to Load")
        if isinstance(reply, m.Raised) or any(stop.timed_out for stop in reply.stops):
            self.disturbed = True
        if isinstance(reply, m.Loaded) and not self.functions:
            self.functions, self.missing = reply.functions, reply.missing
        if isinstance(reply, m.Loaded) and self._strict and reply.stops:
            stop = reply.stops[0]
            return m.Raised(stop.type, stop.bases, stop.text, stop.label, stop.line, "")
        return reply

    def new_test(self) -> None:
        """Begin a test: its first call will seed the generators, so that earlier tests do not matter."""
        self._new_test = True
        self._sent, self._replies, self._position = [], [], 0
        self._room = self.received + MAX_REPLY_BYTES

    @property
    def has_begun(self) -> bool:
        """Return True if a message was sent since the test began."""
        return bool(self._sent)

    def rehearse(self, message: SentMessage) -> bytes | None:
        """Send the test's next message in advance and return the answer, or None if there is none.

        The test receives the stored answer when it sends the message itself.
        """
        if self._worker is None:
            return None
        self._exchange(message)
        reply = self._replies[-1]
        return reply if isinstance(reply, bytes) else None

    @property
    def exchanges(self) -> list[tuple[SentMessage, bytes]]:
        """Return the messages sent since the test began, each with its answer.

        Return an empty list if an answer is missing or was dropped, or if the test has
        not received all of them.
        """
        if self._was_rehearsed:
            return []
        answers = [reply for reply in self._replies if isinstance(reply, bytes)]
        return [*zip(self._sent, answers, strict=True)] if len(answers) == len(self._sent) else []

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        on_callback: Callable[[int, Callable[..., Any], m.Callback], None] = lambda *_: None,
        names: Iterable[str] = (),
    ) -> m.Returned | m.Raised:
        """Call one function. Callables and stand-ins among the arguments run in the judge.

        `on_callback` receives each call to one of them: the index of the callable in the
        order of sending, the callable, and the message with its arguments. `names` are those
        of the arguments, so that an error can name the callable as the contract does. Raises
        WorkerTimedOut, WorkerCrashed, EnvironmentProblem, or the first AssertionError
        of a callable.
        """
        if self._must_load:
            loaded = self.load()
            if isinstance(loaded, m.Raised):
                self.stop()  # there is no module to call
                return self._plausible(loaded)
        callables = [*self._replaced.values()]
        known_as = {id(value): name for value, name in zip([*args, *kwargs.values()], names, strict=False)}

        def reference(function: Callable[..., Any]) -> int:
            if len(callables) >= MAX_REFERENCES:
                raise ValueError("too many callables were sent in one call")
            callables.append(function)
            return len(callables) - 1

        def wire(value: Any) -> Value:
            return encode(value, reference=reference)

        sent = {name: wire(value) for name, value in kwargs.items()}
        seed, self._new_test = self._load.seed if self._new_test else None, False
        self._send(m.Call(function, tuple(map(wire, args)), sent, seed))
        assertion: AssertionError | None = None
        while True:
            reply = self._receive()
            if isinstance(reply, m.Callback):
                target, given, named = self._decode_callback(callables, reply)
                on_callback(reply.id, target, reply)
                try:
                    answer: m.CallbackReturned | m.CallbackRaised = m.CallbackReturned(
                        wire(target(*given, **named))
                    )
                except AssertionError as error:
                    assertion = assertion or error
                    answer = m.CallbackRaised("ValueError", str(error)[:200])
                except Exception as error:  # the callable does not accept the learner's arguments
                    says = told_error(error, target, given, named, known_as.get(id(target), ""))
                    answer = m.CallbackRaised(_built_in_name(error), says)
                self._send(answer)
            elif isinstance(reply, m.Returned | m.Raised):
                if isinstance(reply, m.Raised) and "MemoryError" in reply.bases:
                    self.disturbed = True
                    self.stop()  # after a MemoryError the worker is unreliable
                if assertion is not None:
                    raise assertion
                return self._plausible(reply) if isinstance(reply, m.Raised) else reply
            else:
                self._fail("the message is not an answer to Call")

    def stop(self) -> None:
        """End the worker. The next call starts a new one."""
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.end()

    def close(self) -> None:
        """Release the worker, and start no other."""
        self._closed = True
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.release()

    def _decode_callback(
        self, callables: list[Callable[..., Any]], callback: m.Callback
    ) -> tuple[Callable[..., Any], list[Any], dict[str, Any]]:
        if not 0 <= callback.id < len(callables):
            self._fail("the callable does not exist")
        try:
            args = [decode(value) for value in callback.args]
            kwargs = {name: decode(value) for name, value in callback.kwargs.items()}
        except (WireError, RecursionError) as error:
            self._fail(str(error))
        return callables[callback.id], args, kwargs

    def _plausible(self, raised: m.Raised) -> m.Raised:
        """Drop implausible fields. Hidden tests show the others, so these must not carry test data."""
        bases = built_in_errors(raised.bases)
        if raised.line is not None and 0 < raised.line <= self.lines.get(raised.label or "", 0):
            return msgspec.structs.replace(raised, bases=bases)
        return msgspec.structs.replace(raised, bases=bases, label=None, line=None)

    @property
    def _must_load(self) -> bool:
        """Return True if a call needs a worker that has loaded the submission, and there is none."""
        return self._worker is None and not self._was_rehearsed

    @property
    def _was_rehearsed(self) -> bool:
        """Return True if the test's next message has already been sent."""
        return self._position < len(self._replies)

    def _send(self, message: m.ToWorker) -> None:
        if not self._was_rehearsed:
            self._exchange(SentMessage(m.framed(message), isinstance(message, m.Call)))

    def _exchange(self, message: SentMessage) -> None:
        """Send a message and keep the reply: an answer, or the exception that ended the worker.

        Raises EnvironmentProblem if the worker ended through no fault of the submission.
        """
        if message.begins_call:
            self._call_began = time.monotonic()
        self._sent.append(message)
        try:
            worker = self._worker
            if worker is None:
                raise WorkerCrashed("the judge is ending")
            worker.pipe.send(message.frame)
            self._replies.append(self._wait(self._call_began, self.limits.call))
        except (WorkerTimedOut, WorkerCrashed) as error:
            if isinstance(error, WorkerCrashed) and not self._closed and not self._workers.alive:
                raise EnvironmentProblem(
                    "the process that runs your code ended unexpectedly — run the check again"
                ) from None
            self._replies.append(error)

    def _receive(self) -> m.FromWorker:
        """Return the reply to the test's current message, and advance."""
        reply = self._replies[self._position]
        assert reply is not None  # only replies that were returned are dropped
        if isinstance(reply, Exception):
            self._position += 1
            raise reply
        if self.received > self._room:
            self._replies[self._position] = None
        self._position += 1
        return self._parse(reply)

    def _wait(self, began: float, limit: float) -> bytes:
        """Wait for the worker's next message, up to `limit` seconds after `began`, or more on a busy machine.

        Raises WorkerTimedOut, WorkerCrashed.
        """
        worker = self._worker
        if worker is None:
            raise WorkerCrashed("the judge is ending")
        ends = began + limit
        while True:
            try:
                return worker.pipe.receive(min(ends, self._deadline) - time.monotonic())
            except WireError as error:
                self._fail(str(error))
            except WorkerCrashed:
                self.disturbed = True
                self.stop()
                raise
            except WorkerTimedOut:
                used = worker.cpu_since(began)
                more = more_seconds(limit, time.monotonic() - began, used)
                if more and not self.out_of_time:
                    ends = time.monotonic() + more
                    continue
                self.disturbed |= not is_certain(limit, used)
                self.stop()
                raise

    def _parse(self, body: bytes) -> m.FromWorker:
        self.received += len(body)
        try:
            return m.parse_from_worker(body)
        except WireError as error:
            self._fail(str(error))

    def _fail(self, reason: str) -> NoReturn:
        self.disturbed = True
        self.stop()
        raise WorkerCrashed(reason)


def seed_of_worker(seed: int) -> int:
    """Return the seed of a submission's own generators, of only 8 bits.

    Visible tests show what code prints. With the seed itself, it could compute all hidden inputs.
    """
    return hashlib.blake2b(str(seed).encode(), digest_size=1).digest()[0]


def _built_in_name(error: Exception) -> str:
    if isinstance(error, MemoryError):  # numpy's has a class of its own
        return "MemoryError"
    return type(error).__name__ if type(error).__module__ == "builtins" else "ValueError"


def built_in_errors(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the names that are built-in exceptions."""
    kinds = ((name, getattr(builtins, name, None)) for name in names)
    return tuple(name for name, kind in kinds if isinstance(kind, type) and issubclass(kind, BaseException))
