"""Run a submission, changed copies and its copy with probes, for questions about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.content.exercise import Exercise
from grader.errors import CourseError
from grader.judge.jobs import Limits
from grader.judge.models import rebuild
from grader.judge.own_code.authored import Call, values_of
from grader.judge.own_code.facts import Change, Outline, read_outline
from grader.judge.own_code.outcomes import ModelFacts, Outcome, Received
from grader.judge.own_code.probe_log import Log, read_log
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.sandbox.sources import Workers
from grader.judge.server.session import Session
from grader.judge.submission import Submission
from grader.judge.wire import messages as m
from grader.judge.wire.messages import Cell
from grader.judge.wire.values import Blueprint, Opaque, WireError, decode

READER = "from grader.judge.worker.source_outline import outline, all_with_other_chance"
LIMITS = Limits(load=20.0, statement=10.0, call=5.0, submission=120.0)
CHANGED_CALL = 1.0  # seconds; many changes loop forever
MAX_KEPT = 100  # calls of callable arguments, and numbers in each argument
MAX_ARGUMENTS = 8  # of such a call
_FAILURES = (
    WireError,
    WorkerTimedOut,
    WorkerCrashed,
    AssertionError,
    ValueError,
    RecursionError,
    msgspec.MsgspecError,
)


class OwnRuns:
    """The sessions with one submission and its copies. They end with `close`."""

    def __init__(
        self, submission: Submission, exercise: Exercise, workers: Workers, seed: int, memory: int
    ) -> None:
        self._submission = submission
        self._names = tuple(function.name for function in exercise.functions)
        self._parameters = {function.name: function.positional for function in exercise.functions}
        self._workers = workers
        self._limits = msgspec.structs.replace(LIMITS, memory=memory)
        self._seed = seed
        self._sessions: dict[str, Session] = {}
        self._closed = False
        self.outline = self._read_outline()

    def plain(
        self, function: str, call: Call, again: bool = False
    ) -> tuple[Outcome | None, tuple[Received, ...]]:
        """Run a call; return what came of it, and what callable arguments received."""
        session = self._session("again" if again else "plain", self._submission.cells, again)
        args, received = watched(self._parameters[function], values_of(call))
        return outcome_of(session, function, args), tuple(received)

    def probed(self, function: str, call: Call) -> tuple[Outcome | None, Log | None]:
        """Run a call of the copy with probes."""
        if self.outline is None:
            return None, None
        first = self._submission.cells[0]
        cells = (Cell(first.label, self.outline.probes, first.notebook), *self._with(self.outline.probed))
        session = self._session("probed", cells, again=True)
        answer = outcome_of(session, "_qlc_run", (function, *values_of(call)), settled=False)
        parts = None if answer is None else answer.value
        if type(parts) is not list or len(parts) != 3 or parts[0] not in ("value", "raised"):
            return None, None
        outcome = settle(parts[1]) if parts[0] == "value" else Outcome(raised=str(parts[1])[:40])
        return outcome, read_log(parts[2])

    def vary(self, change: Change, function: str, call: Call, again: bool = False) -> Outcome | None:
        """Run a call of a changed copy in a worker of its own."""
        assert self.outline is not None  # it has listed the change
        sources = self.outline.changed(change)
        cells = self._with(sources)
        if again:
            others = self._ask("all_with_other_chance", [*sources])
            if not isinstance(others, list) or len(others) != len(sources):
                return None
            first = self._submission.cells[0]
            cells = (
                Cell(first.label, self.outline.probes, first.notebook),
                *self._with(tuple(map(str, others))),
            )
        session = self._new(cells, again, CHANGED_CALL)
        try:
            return outcome_of(session, function, values_of(call))
        finally:
            session.close()

    def close(self) -> None:
        """End all runs, and start no other."""
        self._closed = True
        for session in [*self._sessions.values()]:
            session.close()

    def _with(self, sources: tuple[str, ...]) -> tuple[Cell, ...]:
        pairs = zip(self._submission.cells, sources, strict=True)
        return tuple(msgspec.structs.replace(cell, source=source) for cell, source in pairs)

    def _read_outline(self) -> Outline | None:
        data = self._ask("outline", [cell.source for cell in self._submission.cells])
        try:
            return None if data is None else read_outline(data)
        except msgspec.ValidationError:
            return None

    def _ask(self, name: str, sources: list[str]) -> Any:
        """Ask the reader, which is a program of ours in a worker of its own."""
        if "reader" not in self._sessions:
            program = Submission("reader.py", (Cell("reader.py", READER),))
            names = ("outline", "all_with_other_chance")
            limits = msgspec.structs.replace(self._limits, call=10.0)
            self._sessions["reader"] = Session(program, names, self._workers, limits, self._seed)
        answer = outcome_of(self._sessions["reader"], name, (sources,))
        return None if answer is None else answer.value

    def _session(self, name: str, cells: tuple[Cell, ...], again: bool) -> Session:
        if name not in self._sessions:
            self._sessions[name] = self._new(cells, again)
        return self._sessions[name]

    def _new(self, cells: tuple[Cell, ...], again: bool, seconds: float = LIMITS.call) -> Session:
        if self._closed:
            raise WorkerCrashed("the judge is ending")
        copy = msgspec.structs.replace(self._submission, cells=cells)
        limits = msgspec.structs.replace(self._limits, call=seconds)
        return Session(copy, self._names, self._workers, limits, self._seed + again)


def outcome_of(
    session: Session, function: str, args: tuple[Any, ...], settled: bool = True
) -> Outcome | None:
    """Make a call. Return None if it did not end in a way that a question can be about."""
    session.new_test()
    try:
        reply = session.call(function, args, {})
        if isinstance(reply, m.Raised):
            return Outcome(raised=reply.bases[0]) if reply.bases else None
        value = decode(reply.value)
        return settle(value) if settled else Outcome(value)
    except CourseError:
        raise
    except _FAILURES:
        return None


def settle(value: Any) -> Outcome | None:
    """Return the outcome of a call that returned; models become facts about them."""
    if isinstance(value, Opaque):
        return None
    if isinstance(value, Blueprint):
        try:
            model = rebuild(value)
            return Outcome(
                ModelFacts(int(model.count_params()), tuple(model.output_shape), tuple(model.input_shape))
            )
        except Exception:  # of Keras, about what learner code chose
            return None
    return Outcome(value)


def watched(names: Sequence[str], args: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[Received]]:
    """Return the arguments, with callables that keep what they receive, and the list where they keep it."""
    received: list[Received] = []

    def watch(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watcher(*given: Any, **named: Any) -> Any:
            kept = _by_position(function, given, named) if len(received) < MAX_KEPT else ()
            received.append(Received(name, tuple(map(_kept, kept[:MAX_ARGUMENTS]))))
            return function(*given, **named)

        return watcher

    pairs = zip(names, args, strict=False)
    return tuple(watch(name, each) if callable(each) else each for name, each in pairs), received


def _by_position(
    function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, ...]:
    """Return the arguments of a call in the function's order, however they were passed."""
    try:
        return inspect.signature(function).bind(*given, **named).args
    except (TypeError, ValueError):  # the call fails, or the function is not written in Python
        return given


def _kept(value: Any) -> Any:
    """Return a small array that a callable received as nested lists, `()` for other values."""
    if value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # lists of several lengths
        return ()
    return array.tolist() if array.dtype.kind in "iuf" and array.size <= MAX_KEPT else ()
