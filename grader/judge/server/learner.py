"""`learner`: the fixture that stands for the submission in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.content.exercise import Exercise, Function, Kind
from grader.judge import sentences
from grader.judge.models import ModelRefused, rebuild
from grader.judge.recognition.behavior import (
    CallbackCall,
    Observed,
    observed,
    record_callback,
    record_rejected_call,
)
from grader.judge.report import Outcome
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.server.asserts import Mismatch, short
from grader.judge.server.session import Session
from grader.judge.wire import messages as m
from grader.judge.wire.values import Blueprint, FigureData, Opaque, WireError, decode, type_name

MAX_RECORDED = 50_000_000  # bytes that one test's calls may bring, if they are to be compared

_PROMISES: dict[Kind, str] = {
    "array": "a numpy array",
    "float": "a float",
    "int": "an int",
    "string": "a string",
    "list": "a list",
    "dict": "a dictionary",
    "model": "a Keras model",
    "figure": "a matplotlib figure",
    "any": "a value",
}

_COMMON_TYPES = frozenset(
    "set frozenset bytes bytearray range complex slice map filter zip enumerate reversed type function method"
    " generator coroutine module object numpy.matrix numpy.ma.MaskedArray pandas.DataFrame pandas.Series"
    " pandas.core.frame.DataFrame pandas.core.series.Series keras.src.models.sequential.Sequential"
    " keras.src.models.functional.Functional keras.src.callbacks.history.History matplotlib.axes._axes.Axes"
    " matplotlib.lines.Line2D".split()
) | {"array of object", "array of complex64", "array of complex128"}
_ARRAY_OF = "array of "  # the wire names arrays of unsupported dtypes like this


class CallFailed(Exception):
    """A call did not end as promised, through the learner's code; the test ends with this outcome."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message


class LearnerError(CallFailed):
    """The learner's function raised."""

    def __init__(self, outcome: Outcome, message: str, raised: m.Raised) -> None:
        super().__init__(outcome, message)
        self.raised = raised


class Learner:
    """Calls the learner's functions by name: `X, y = learner.create_sequences(data, 5)`.

    Values come back decoded and checked against the kinds that `exercise.yaml`
    promises; models come back as Keras models rebuilt by the judge. Functions
    among the arguments stay here and are called from the worker.
    """

    def __init__(self, session: Session, exercise: Exercise, visible: bool) -> None:
        self._session = session
        self._exercise = exercise
        self._visible = visible
        self.call = ""  # the last call, as it may be shown
        self.printed = ""
        self.changed: tuple[str, ...] = ()  # arguments that the last call changed
        self.calls: list[Observed] | None = []  # what all calls did; None if one did not come to an end
        self._received = session.received
        session.new_test()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = self._exercise.function(name)
        if function is None:
            raise AttributeError(f"the exercise has no function {name!r}")

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._call(function, args, kwargs)

        return call

    @contextmanager
    def raises(self, promised: type[Exception], when: str = "here") -> Iterator[None]:
        """The calls inside must raise `promised` or a subclass; its wording is free.

        `when` goes on in the message: "should raise ValueError for an empty series".
        """
        try:
            yield
        except LearnerError as error:
            raised = error.raised
            if promised.__name__ not in raised.bases:
                got = raised.bases[0] if raised.bases else "something else"
                raise Mismatch(sentences.other_error(self._name, promised.__name__, when, got)) from None
        else:
            raise Mismatch(sentences.no_error(self._name, promised.__name__, when))

    def assert_unchanged(self) -> None:
        """The last call must have left its arguments as they were."""
        if self.changed:
            raise Mismatch(sentences.changed(self._name, self.changed))

    @property
    def size(self) -> int:
        """Return the bytes that the calls of this test have brought."""
        return self._session.received - self._received

    def _call(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._name = function.name
        self.changed = ()
        shown = [_shown(value) for value in args] + [f"{k}={_shown(v)}" for k, v in kwargs.items()]
        self.call = f"{function.name}({', '.join(shown)})" if self._visible else function.name
        asked: list[CallbackCall] = []

        def on_ask(number: int, asked_of: Callable[..., Any], what: m.Callback) -> None:
            if self.size <= MAX_RECORDED and (record := record_callback(number, asked_of, what)):
                asked.append(record)

        calls, self.calls = self.calls, None  # until this one has come to its end
        try:
            reply = self._session.call(function.name, args, kwargs, on_ask)
        except WorkerTimedOut:
            seconds = self._session.limits.call
            raise CallFailed(Outcome.TIMED_OUT, sentences.timed_out(self.call, seconds)) from None
        except WorkerCrashed:
            raise CallFailed(Outcome.CRASHED, sentences.crashed(self.call)) from None
        except AssertionError:
            self._record(calls, record_rejected_call(function.name, asked))
            raise
        if len(self.printed) < m.MAX_PRINTED:  # a test may call a thousand times
            self.printed += reply.printed
        names = [*function.parameters[: len(args)], *kwargs]
        if isinstance(reply, m.Returned):
            self.changed = tuple(names[n] for n in reply.changed if 0 <= n < len(names))
        self._record(calls, observed(function.name, reply, self.changed, asked))
        if isinstance(reply, m.Raised):
            raise self._learner_error(function.name, reply)
        try:
            value = decode(reply.value)
        except WireError as error:
            raise CallFailed(
                Outcome.ERROR, sentences.bad_reply(function.name, str(error) if self._visible else "")
            ) from None
        return self._kept(function, value)

    def _record(self, calls: list[Observed] | None, call: Observed) -> None:
        if calls is not None and self.size <= MAX_RECORDED:
            self.calls = calls
            calls.append(call)

    def _learner_error(self, name: str, raised: m.Raised) -> LearnerError:
        if "MemoryError" in raised.bases:
            return LearnerError(Outcome.OUT_OF_MEMORY, sentences.out_of_memory(self.call), raised)
        if "NotImplementedError" in raised.bases:
            return LearnerError(Outcome.NOT_RUN, sentences.blank(name), raised)
        return LearnerError(Outcome.ERROR, sentences.raised(name, raised, self._visible), raised)

    def _kept(self, function: Function, value: Any) -> Any:
        """Check a result against the promised kinds; return it with models rebuilt."""
        names = list(function.returns)
        if len(names) == 1:
            return _checked(function.name, "", function.returns[names[0]], value, self._visible)
        if type(value) not in (tuple, list) or len(value) != len(names):
            raise Mismatch(sentences.wrong_count(function.name, names, self._count(value)))
        pairs = zip(function.returns.items(), value, strict=True)
        return tuple(_checked(function.name, n, kind, v, self._visible) for (n, kind), v in pairs)

    def _count(self, value: Any) -> str:
        if type(value) not in (tuple, list):
            return _described(value, self._visible)
        return f"{len(value)}" if self._visible else "another number of values"


def _checked(function: str, name: str, kind: Kind, value: Any, visible: bool) -> Any:
    if kind == "model" and isinstance(value, Blueprint):
        try:
            return rebuild(value)
        except ModelRefused as refused:
            raise Mismatch(
                sentences.refused_model(refused.reason, refused.details if visible else "")
            ) from None
    if kind == "model" and isinstance(value, Opaque) and value.reason:
        raise Mismatch(sentences.refused_model(sentences.REASONS[value.reason], ""))
    if not _is(kind, value):
        reason = sentences.REASONS[value.reason] if isinstance(value, Opaque) else ""
        got = _described(value, visible)
        raise Mismatch(sentences.wrong_kind(function, name, _PROMISES[kind], got, reason))
    return value


def _is(kind: Kind, value: Any) -> bool:
    if kind == "float":
        return isinstance(value, float | np.floating)
    if kind == "int":
        return isinstance(value, int | np.integer) and not isinstance(value, bool)
    types: dict[Kind, type] = {
        "array": np.ndarray, "string": str, "list": list, "dict": dict, "figure": FigureData, "any": object
    }  # fmt: skip
    return kind in types and isinstance(value, types[kind])


def _described(value: Any, visible: bool) -> str:
    """Name the kind of a value for a sentence; never the value itself.

    A hidden test says nothing that the learner's code could choose: a class may
    be named after its data, and an array as long as a number that it was given.
    """
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        if not visible and value.type not in _COMMON_TYPES:
            return "a value of another type"
        if value.type.startswith(_ARRAY_OF):
            return f"an array of dtype {value.type.removeprefix(_ARRAY_OF)}"
        return f"a value of type {value.type}"
    if isinstance(value, np.ndarray):
        return f"a numpy array of shape {value.shape}" if visible else "a numpy array"
    return {
        Blueprint: "a Keras model",
        FigureData: "a matplotlib figure",
        tuple: "a tuple",
        list: "a list",
    }.get(type(value), f"a value of type {type_name(value)}")


def _shown(value: Any) -> str:
    return getattr(value, "__name__", "a function") if callable(value) else short(value)
