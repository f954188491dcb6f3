"""The fixture `learner`, which stands for the submission in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from grader.content.exercise import Exercise, Function, Kind
from grader.judge import sentences
from grader.judge.models import ModelRefused, ModelUnknown, rebuild
from grader.judge.recognition.behavior import (
    CallbackCall,
    Observed,
    record_argument,
    record_call,
    record_callback,
    record_rejected_call,
)
from grader.judge.report import Outcome
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.server import old_keras
from grader.judge.server.advice import advice_on
from grader.judge.server.asserts import Mismatch, NotJudged, short
from grader.judge.server.cell_outputs import without_control
from grader.judge.server.hidden_errors import key_of, kind_of_value, reduced
from grader.judge.server.parameters import renamed_parameters
from grader.judge.server.session import Session
from grader.judge.server.shown_calls import ShownCalls
from grader.judge.server.tables import TABLES, table_kind
from grader.judge.wire import messages as m
from grader.judge.wire.values import (
    TABLE_OF,
    AxesData,
    Blueprint,
    FigureData,
    LineData,
    Opaque,
    WireError,
    decode,
    type_name,
)

MAX_RECORDED = 50_000_000  # bytes received by the calls of one test; beyond this they are not recorded

_PROMISES: dict[Kind, str] = {
    "array": "a numpy array",
    "float": "a float",
    "int": "an int",
    "bool": "a bool",
    "string": "a string",
    "list": "a list",
    "tuple": "a tuple",
    "set": "a set",
    "dict": "a dictionary",
    "DataFrame": "a pandas DataFrame",
    "Series": "a pandas Series",
    "model": "a Keras model",
    "figure": "a matplotlib figure",
    "any": "a value",
}

_REASONS = ("unsendable", "not_eager")  # why a value that need not be a model was not sent
_ARRAY_OF = "array of "  # the wire names arrays of unsupported dtypes like this


class CallFailed(Exception):
    """A call failed because of the learner's code. The test ends with `outcome` and `message`."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message


class LearnerError(CallFailed):
    """An exception that the learner's function raised."""

    def __init__(self, outcome: Outcome, message: str, raised: m.Raised) -> None:
        super().__init__(outcome, message)
        self.raised = raised


class Learner:
    """A proxy that calls the learner's functions by name: `X, y = learner.create_sequences(data, 5)`.

    Results are decoded and checked against the kinds that `exercise.yaml` promises.
    Models are Keras models rebuilt by the judge. Functions among the arguments stay in
    the judge and are called from the worker. A call raises LearnerError, CallFailed,
    Mismatch, EnvironmentProblem, or an AssertionError of a callable.
    """

    def __init__(self, session: Session, exercise: Exercise, visible: bool) -> None:
        self._session = session
        self._exercise = exercise
        self._visible = visible
        # what a hidden test tells less of, because it tells for which kind of input a call fails
        self.brief_errors = False  # not the kind of an error
        self.brief_values = False  # not the type of a result
        self.call = ""  # the last call, as messages show it
        self.shown_calls = ShownCalls()  # of a visible test
        self.printed = ""
        self.returned = ""  # the last result of a visible test, as messages show it
        self.changed: tuple[str, ...] = ()  # names of the arguments that the last call modified
        self.warned = False  # True if the last call showed a RuntimeWarning, as of an overflow
        self.calls: list[Observed] | None = []  # records of all calls; None if one of them did not end
        self._received = session.received
        self._made = 0  # number of calls so far
        # the first figure of a visible test: the number of the last call before it, the function, the figure
        self.first_figure: tuple[int, str, FigureData] | None = None
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
        """Assert that a call in the block raises `promised` or a subclass, with any text.

        `when` completes the message: "should raise ValueError for an empty series".
        Raises Mismatch.
        """
        try:
            yield
        except LearnerError as error:
            raised = error.raised
            if promised.__name__ not in raised.bases:
                bases = raised.bases if self._visible else reduced(raised, not self.brief_errors).bases
                got = bases[0] if bases else "another error"
                raise Mismatch(sentences.other_error(self._name, promised.__name__, when, got)) from None
        else:
            self.shown_calls.blame_last()
            raise Mismatch(sentences.no_error(self._name, promised.__name__, when))

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Make calls in the block that are not compared with those of known mistakes."""
        calls, self.calls = self.calls, None
        try:
            yield
        finally:
            self.calls = calls

    def assert_unchanged(self) -> None:
        """Assert that the last call did not modify its arguments. Raises Mismatch."""
        if self.changed:
            self.shown_calls.blame_last()
            # in a hidden test, the choice of several names could tell too much
            is_told = self._visible or (len(self.changed) == 1 and not self.brief_errors)
            raise Mismatch(sentences.changed(self._name, self.changed if is_told else ()))

    def assert_no_warning(self) -> None:
        """Assert that the last call showed no RuntimeWarning, such as one of numpy. Raises Mismatch."""
        if self.warned:
            self.shown_calls.blame_last()
            raise Mismatch(sentences.warned(self._name))

    def plot(
        self, title: str, lines: Mapping[str, tuple[Any, Any]], xlabel: str = "", ylabel: str = ""
    ) -> None:
        """Draw lines, label -> (x, y), from results of a visible test. Learners see the first figure of each.

        They see it beside the same lines of the solution, as they see a figure that a function returns.
        """
        arrays: dict[str, tuple[Any, Any]] = {
            label: (np.asarray(x), np.asarray(y)) for label, (x, y) in lines.items()
        }
        if all(data.dtype.kind in "biuf" for line in arrays.values() for data in line):
            drawn = tuple(LineData(label, x, y) for label, (x, y) in arrays.items())
            axes = AxesData("", xlabel, ylabel, tuple(lines), drawn)
            self._keep_figure(self._name, FigureData(title, (axes,)))

    @property
    def size(self) -> int:
        """Return the number of bytes that the calls of this test have received."""
        return self._session.received - self._received

    def _call(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._name = function.name
        self._made += 1
        self.changed, self.returned, self.warned = (), "", False
        self.call = function.name
        if self._visible:  # formatting the arguments takes longer than most calls
            shown = [_shown(value) for value in args] + [f"{k}={_shown(v)}" for k, v in kwargs.items()]
            self.call = f"{function.name}({', '.join(shown)})"
            self.shown_calls.begin(self.call)
        callbacks: list[CallbackCall] = []

        def on_callback(number: int, function: Callable[..., Any], callback: m.Callback) -> None:
            if self.size <= MAX_RECORDED and (record := record_callback(number, function, callback)):
                callbacks.append(record)

        self._check_keywords(function, kwargs)
        names = [*function.parameters[: len(args)], *kwargs]
        values = (record_argument(value) for value in (*args, *kwargs.values()))
        given = dict(zip(names, values, strict=False))
        calls, self.calls = self.calls, None  # until this call has ended
        try:
            reply = self._session.call(function.name, args, kwargs, on_callback, names)
        except WorkerTimedOut:
            seconds = self._session.limits.call
            raise CallFailed(Outcome.TIMED_OUT, sentences.timed_out(self.call, seconds)) from None
        except WorkerCrashed:
            raise CallFailed(Outcome.CRASHED, sentences.crashed(self.call)) from None
        except AssertionError:
            self._record(calls, record_rejected_call(function.name, callbacks, given))
            raise
        if len(self.printed) < m.MAX_PRINTED:  # a limit, because a test may make a thousand calls
            self.printed += reply.printed
        if isinstance(reply, m.Returned):
            self.changed = tuple(names[n] for n in reply.changed if 0 <= n < len(names))
            self.warned = "RuntimeWarning" in reply.warned
        if isinstance(reply, m.Raised):
            self._record(calls, record_call(function.name, reply, self.changed, callbacks, given))
            raise self._learner_error(function.name, reply)
        try:
            value = decode(reply.value)
        except WireError as error:  # not recorded, because it cannot be compared either
            reason = str(error) if self._visible else ""
            raise CallFailed(Outcome.ERROR, sentences.bad_reply(function.name, reason)) from None
        self._record(calls, record_call(function.name, reply, self.changed, callbacks, given))
        result = self._check_result(function, value)
        if self._visible:
            self.shown_calls.end(result)
            if not {"model", "figure"} & {*function.returns.values()}:
                self.returned = short(result)
        self._keep_figure(function.name, result)
        return result

    def _keep_figure(self, name: str, result: Any) -> None:
        parts = result if isinstance(result, tuple) else (result,)
        figure = next((part for part in parts if isinstance(part, FigureData)), None)
        if figure is not None and self._visible and self.first_figure is None:
            self.first_figure = self._made, name, figure

    def _check_keywords(self, function: Function, kwargs: dict[str, Any]) -> None:
        """Raise CallFailed if the function does not take these keywords, as far as is known."""
        actual = self._session.parameters(function.name)
        if actual is None or any(p.kind == "VAR_KEYWORD" for p in actual):
            return
        taken = {p.name for p in actual if p.kind != "POSITIONAL_ONLY"}
        renamed = renamed_parameters(function, actual)
        for name in kwargs:
            if name not in taken:
                self.calls = None  # the call was never made, so there is nothing to compare
                message = sentences.keyword_fails(
                    function.name, function.parameters, name, renamed.get(name, "")
                )
                raise CallFailed(Outcome.FAILED, without_control(message))

    def _record(self, calls: list[Observed] | None, call: Observed) -> None:
        if calls is not None and self.size <= MAX_RECORDED:
            self.calls = calls
            calls.append(call)

    def _learner_error(self, name: str, raised: m.Raised) -> LearnerError:
        if "MemoryError" in raised.bases:
            return LearnerError(Outcome.OUT_OF_MEMORY, sentences.out_of_memory(self.call), raised)
        cells = self._session.sources
        if "NotImplementedError" in raised.bases and old_keras.raises_by_hand(
            cells, raised.label, raised.line
        ):
            return LearnerError(Outcome.NOT_RUN, sentences.blank(name), raised)
        told = raised
        is_shown = key_of(name, raised) in self._session.shown_errors and not self.brief_errors
        if not self._visible and not is_shown:
            told = reduced(raised, not self.brief_errors)
        elif raised.type == m.PRINTED_TOO_MUCH:
            return LearnerError(Outcome.ERROR, sentences.printed_too_much(self.call), raised)
        message = sentences.with_advice(
            sentences.raised(name, told, self._visible),
            advice_on(
                told, self._session, self._exercise, name if told is not raised else "", not self._visible
            ),
        )
        return LearnerError(Outcome.ERROR, message, raised)

    def show(self, error: LearnerError) -> None:
        """Note that learners see this error, so that hidden tests can name its line, too."""
        self._session.shown_errors.add(key_of(self._name, error.raised))

    def _check_result(self, function: Function, value: Any) -> Any:
        """Check a result against the promised kinds. Return it with its models rebuilt."""
        try:
            return self._checked_result(function, value)
        except Mismatch as mismatch:
            parts = value if type(value) in (tuple, list) else [value]
            advice = ""
            if any(isinstance(part, Opaque) and part.reason == "not_eager" for part in parts):
                advice = old_keras.eager_advice(self._session.sources)
            elif "float32" in mismatch.message:
                advice = old_keras.dtype_advice(self._session.sources)
            message = sentences.with_advice(mismatch.message, advice)
            raise type(mismatch)(message, mismatch.details, mismatch.value) from None

    def _checked_result(self, function: Function, value: Any) -> Any:
        names = list(function.returns)
        if len(names) == 1:
            return self._check_value(function.name, "", function.returns[names[0]], value)
        if type(value) not in (tuple, list) or len(value) != len(names):
            raise Mismatch(sentences.wrong_count(function.name, names, self._describe_count(value)))
        if type(value) is list and _is_one_list(value, [*function.returns.values()]):
            raise Mismatch(sentences.wrong_count(function.name, names, self._describe(value)))
        pairs = zip(function.returns.items(), value, strict=True)
        return tuple(self._check_value(function.name, n, kind, v) for (n, kind), v in pairs)

    def _describe_count(self, value: Any) -> str:
        if type(value) not in (tuple, list):
            return self._describe(value)
        return f"{len(value)}" if self._visible else "another number of values"

    def _check_value(self, function: str, name: str, kind: Kind, value: Any) -> Any:
        if kind == "model" and isinstance(value, Blueprint):
            try:
                return rebuild(value)
            except ModelRefused as refused:
                why = (refused.reason, refused.details) if self._visible else (refused.general, "")
                if self.brief_values:
                    why = sentences.UNSUPPORTED_PART, ""
                if isinstance(refused, ModelUnknown):
                    raise NotJudged(sentences.not_judged(*why)) from None
                raise Mismatch(sentences.refused_model(*why)) from None
        if kind == "model" and isinstance(value, Opaque) and value.reason in ("custom_model", "custom_parts"):
            raise NotJudged(sentences.not_judged(sentences.REASONS[value.reason], ""))
        if kind == "model" and isinstance(value, Opaque) and value.reason:
            raise Mismatch(sentences.refused_model(sentences.REASONS[value.reason], ""))
        if not _is(kind, value):
            is_told = isinstance(value, Opaque) and value.reason in _REASONS and not self.brief_values
            reason = sentences.REASONS[value.reason] if is_told else ""
            got = self._describe(value, is_part=name != "")
            raise Mismatch(sentences.wrong_kind(function, name, _PROMISES[kind], got, reason))
        return tuple(value) if kind == "tuple" else value

    def _describe(self, value: Any, is_part: bool = False) -> str:
        """Describe the kind of a value for a sentence, never the value itself."""
        if self._visible:
            return _describe(value)
        return kind_of_value(value, of_few=self.brief_values, is_part=is_part)


class AccompaniedLearner(Learner):
    """A learner whose calls are also made on another session, which cannot influence the test.

    `companion` records them.
    """

    def __init__(self, session: Session, companion: Session, exercise: Exercise) -> None:
        super().__init__(session, exercise, visible=False)
        self.companion = _Companion(companion, exercise, visible=False)
        self._is_alone = False

    def _call(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not self._is_alone:
            before = self.companion.calls
            with suppress(CallFailed, AssertionError):
                self.companion._call(function, args, kwargs)
            if self.companion.calls is None:  # the call did not end, or was never made
                self.companion.calls, self._is_alone = before, True
        return super()._call(function, args, kwargs)

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        with super().unrecorded(), self.companion.unrecorded():
            yield


class _Companion(Learner):
    def _check_result(self, function: Function, value: Any) -> Any:
        return value


def _is_one_list(value: list[Any], kinds: list[Kind]) -> bool:
    """Return True if a list is one result whose length is that of all results by chance.

    Its items are of one type, and none is of the promised kind.
    """
    fits = (kind == "model" or _is(kind, part) for kind, part in zip(kinds, value, strict=True))
    return len({*map(type, value)}) == 1 and not any(fits)


def _is(kind: Kind, value: Any) -> bool:
    if kind == "float":
        return isinstance(value, float | np.floating)
    if kind == "int":
        return isinstance(value, int | np.integer) and not isinstance(value, bool)
    if kind == "tuple":  # a list is as good
        return isinstance(value, tuple | list)
    types: dict[Kind, type | tuple[type, ...]] = {
        "array": np.ndarray, "bool": (bool, np.bool_), "string": str, "list": list, "dict": dict,
        "set": (set, frozenset), "figure": FigureData, "any": object,
    }  # fmt: skip
    if kind in TABLES:
        return table_kind(value) == kind
    return kind in types and isinstance(value, types[kind])


def _describe(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        if value.type.startswith(_ARRAY_OF):
            return f"an array of dtype {value.type.removeprefix(_ARRAY_OF)}"
        if value.type.startswith(TABLE_OF):
            return f"a pandas table that holds {value.type.removeprefix(TABLE_OF)}"
        return f"a value of type {value.type}"
    if kind := table_kind(value):
        return TABLES[kind]
    if isinstance(value, np.ndarray):
        return f"a numpy array of shape {value.shape}"
    return {
        Blueprint: "a Keras model",
        FigureData: "a matplotlib figure",
        tuple: "a tuple",
        list: "a list",
    }.get(type(value), f"a value of type {type_name(value)}")


def _shown(value: Any) -> str:
    return getattr(value, "__name__", "a function") if callable(value) else short(value)
