"""The key of a question by another road: the source runs in this process, watched by line events.

The judge's probes, column edits and rebuilt models play no part here.
"""

from __future__ import annotations

import contextlib
import dis
import io
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from random import Random
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.questions import SingleQuestion
from grader.judge.own_code.authored import OwnCode, text_of, values_of
from grader.judge.own_code.outcomes import ModelFacts, Received, aspects, numbers_in, shown
from grader.judge.own_questions import OwnQuestion
from grader.judge.server.authored import _shown_value
from grader.judge.server.own_code import TRIES
from grader.judge.wire.values import FigureData
from grader.judge.worker.convert import convert

FILE = "opinion.py"
_CALL = re.compile(r"```python\n(.*?)\n```", re.DOTALL)
_LINE = r"line (\d+)(?: \(`[^`]*`\))?"


class NoOpinion(Exception):
    """This road cannot tell."""


class Opinion:
    """One submission in this process."""

    def __init__(
        self, course: Course, exercise: Exercise, own_code: OwnCode, source: str, turn: int = 0
    ) -> None:
        self.course = course
        self.exercise = exercise
        self.own_code = own_code
        self.source = source
        self.names = run_module(source)
        self._turn = f" {turn}" if turn else ""

    def key(self, own: OwnQuestion) -> str:
        """Return the key's text. Raises NoOpinion."""
        find: Callable[[OwnQuestion], Any] = {
            "result": self._result, "weights": self._result, "which-raises": self._which_raises,
            "same-result": self._same_result,
            "observed": self._observed, "line-count": self._line_count, "round-value": self._round_value,
            "value-from": self._value_from, "holds": self._holds, "raise-line": self._raise_line,
            "line-removed": self._change, "constant-changed": self._change, "guards-against": self._guards,
        }.get(own.template, self._authored)  # fmt: skip
        return str(find(own))

    def _call(self, own: OwnQuestion) -> Any:
        """Draw the calls again and return the one that the prompt shows."""
        prompt, name = own.question.prompt, own.function
        match = _CALL.search(prompt)
        for number in range(TRIES):
            call = self.own_code.calls[name](Random(f"{own.source} {name} {number}{self._turn}"))
            text = text_of(name, call)
            if match[1] == text if match else f"`{text}`" in prompt:
                return call
        for call in (*self._edges(own), *self._raising(own), *self._same(own)):
            if match and match[1] == text_of(name, call):
                return call
        raise AssertionError(f"no call is {prompt}")

    def _edges(self, own: OwnQuestion) -> list[Any]:
        make = self.own_code.edges.get(own.function)
        return [] if make is None else [*make(Random(f"{own.source} {own.function} edges{self._turn}"))]

    def _raising(self, own: OwnQuestion) -> list[Any]:
        make = self.own_code.raising.get(own.function)
        return [] if make is None else [make(Random(f"{own.source} {own.function} raising{self._turn}"))]

    def _same(self, own: OwnQuestion) -> list[Any]:
        make = self.own_code.same.get(own.function)
        if make is None:
            return []
        call, others = make(Random(f"{own.source} {own.function} same{self._turn}"))
        return [call, *others]

    def _run(self, own: OwnQuestion, names: dict[str, Any], call: Any) -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            return plain(names[own.function](*values_of(call)))

    def _result(self, own: OwnQuestion) -> str:
        phrase = own.question.prompt.rpartition("What is ")[2].rstrip("?")
        value = self._run(own, self.names, self._call(own))
        return text_of_value(aspects(value, self._returns(own))[phrase])

    def _which_raises(self, own: OwnQuestion) -> str:
        assert isinstance(own.question, SingleQuestion)
        options = {option.text for option in own.question.options}
        raising = set()
        for call in self._edges(own):
            text = f"`{text_of(own.function, call, one_line=True)}`"
            try:
                self._run(own, self.names, call)
            except Exception:
                raising |= {text} & options
        assert len(raising) == 1
        return raising.pop()

    def _same_result(self, own: OwnQuestion) -> str:
        assert isinstance(own.question, SingleQuestion)
        options = {option.text for option in own.question.options}
        first, *others = self._same(own)
        wanted, found = self._run(own, self.names, first), set()
        for call in others:
            text = f"`{text_of(own.function, call, one_line=True)}`"
            if text in options and alike(self._run(own, self.names, call), wanted):
                found.add(text)
        assert len(found) == 1
        return found.pop()

    def _received(self, own: OwnQuestion) -> list[Received]:
        received: list[Received] = []

        def watch(name: str, function: Any) -> Any:
            named = function.__code__.co_varnames[: function.__code__.co_argcount]

            def watched(*args: Any, **kwargs: Any) -> Any:
                given = [*args, *(kwargs[each] for each in named[len(args) :] if each in kwargs)]
                received.append(Received(name, tuple(as_seen(copied(each)) for each in given)))
                return function(*args, **kwargs)

            return watched

        function = self.exercise.function(own.function)
        assert function is not None
        pairs = zip(function.parameters, values_of(self._call(own)), strict=False)
        args = [watch(name, each) if callable(each) else each for name, each in pairs]
        self.names[own.function](*args)
        return received

    def _observed(self, own: OwnQuestion) -> str:
        pattern = r"argument `(\w+)` .* as its (\w+) argument in call (\d+), counted"
        name, place, number = re.search(pattern, own.question.prompt).groups()  # type: ignore[union-attr]
        calls = [each.given for each in self._received(own) if each.name == name]
        given = calls[int(number) - 1]["first second third".split().index(place)]
        return str(shown(numbers_in(given)))

    def _authored(self, own: OwnQuestion) -> str:
        opinion = self

        class Code:
            def run(self, call: Any) -> Any:
                return opinion._run(own, opinion.names, call)

            def observed(self, call: Any, argument: int = 0) -> Any:
                return tuple(numbers_in(each.given[argument]) for each in opinion._received(own))

            def calls(self, call: Any, part: Any) -> Any:
                return part(opinion._received(own))

        name = own.template.replace("-", "_")
        asked = next(each for each in self.own_code.questions if each.name.replace("-", "_") == name)
        return text_of_value(_shown_value(next(asked.asks(Code(), self._call(own)))))

    def _change(self, own: OwnQuestion) -> str:
        prompt = own.question.prompt
        match = re.search(rf"Suppose that {_LINE} (did nothing|were `(.*)`)\. What would be (.*)\?$", prompt)
        if match is None:
            raise NoOpinion
        lines = self.source.split("\n")
        old = lines[int(match[1]) - 1]
        lines[int(match[1]) - 1] = old[: len(old) - len(old.lstrip())] + (match[3] or "pass")
        try:
            with seconds(10):
                value = self._run(own, run_module("\n".join(lines)), self._call(own))
        except Exception as error:
            kind = next(each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins")
            return f"The call raises {kind}."
        return text_of_value(aspects(value, self._returns(own))[match[4]])

    def _guards(self, own: OwnQuestion) -> str:
        """Return the only option without which the source gives what a mistake with this idea gives."""
        call, question = self._call(own), own.question
        assert isinstance(question, SingleQuestion)
        belief = re.search(r"^> (.*)$", question.prompt, re.MULTILINE)[1]  # type: ignore[index]
        ideas = {each.id for each in self.course.lesson(self.exercise.lesson).misconceptions
                 if each.belief == belief}  # fmt: skip
        directory = self.course.exercise_dir(self.exercise.id)
        solution = (directory / "solution.py").read_text("utf-8")
        wrong = [
            self._run(own, run_module(f"{solution}\n{(directory / each.file).read_text('utf-8')}"), call)
            for each in self.exercise.mistakes
            if each.function == own.function and each.misconception in ideas
        ]
        found = []
        for option in question.options:
            lines = self.source.split("\n")
            at = int(re.match(_LINE, option.text)[1]) - 1  # type: ignore[index]
            lines[at] = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "pass"
            with contextlib.suppress(Exception), seconds(10):
                result = self._run(own, run_module("\n".join(lines)), call)
                if any(alike(result, each) for each in wrong):
                    found.append(option.text)
        assert len(found) == 1, found
        return found[0]

    def _returns(self, own: OwnQuestion) -> tuple[str, ...]:
        function = self.exercise.function(own.function)
        assert function is not None
        return tuple(function.returns)

    def _events(self, own: OwnQuestion) -> Watch:
        watch = Watch()
        call = values_of(self._call(own))
        sys.settrace(watch)
        try:
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                self.names[own.function](*call)
        finally:
            sys.settrace(None)
        return watch

    def _line_count(self, own: OwnQuestion) -> int:
        line = own.places[0].line
        return sum(each[1] == line for each in self._events(own).lines)

    def _round_value(self, own: OwnQuestion) -> str:
        prompt = own.question.prompt
        number = int(re.search(r"[Ii]n round (\d+) of", prompt)[1])  # type: ignore[index]
        name = re.search(r"[wW]hat is `(\w+)`", prompt)[1]  # type: ignore[index]
        line, loop = own.places[0].line, own.places[-1].line
        rounds, frame = 0, None
        for frame_id, at, after in self._events(own).lines:
            if at == loop:
                rounds, frame = rounds + 1, frame_id
            if at == line and frame_id == frame and rounds == number:
                value = after.get(name)
                return str(shown(as_seen(value)))
        raise AssertionError("that round was not reached")

    def _value_from(self, own: OwnQuestion) -> str:
        name = re.search(r"has set the `(\w+)`", own.question.prompt)[1]  # type: ignore[index]
        setters = storing_lines(compile(self.source, FILE, "exec"), name)
        last: dict[int, int] = {}
        found = set()
        for frame, at, _ in self._events(own).lines:
            if at == own.places[0].line:
                found.add(last.get(frame))
            if at in setters:
                last[frame] = at
        assert len(found) == 1, found
        return f"line {found.pop()}"

    def _holds(self, own: OwnQuestion) -> str:
        text = re.search(r"Which variable is (.*) when line", own.question.prompt)[1]  # type: ignore[index]
        (found,) = [after for _, at, after in self._events(own).lines if at == own.places[0].line]
        assert isinstance(own.question, SingleQuestion)
        names = [option.text for option in own.question.options]
        (name,) = [each for each in names if shown(as_seen(found[each.strip("`")])) == text]
        return name

    def _raise_line(self, own: OwnQuestion) -> str:
        try:
            self._run(own, self.names, self._call(own))
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == FILE]
            return f"line {frames[-1].lineno}"
        raise AssertionError("the call raises nothing")


class Watch:
    """Keeps each line that runs in functions of the source: its frame, and the variables after it."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, int, dict[str, Any]]] = []
        self._numbers: dict[FrameType, int] = {}
        self._open: dict[FrameType, dict[str, Any]] = {}

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code.co_filename != FILE or code.co_name in (
            "<listcomp>",
            "<genexpr>",
            "<dictcomp>",
            "<setcomp>",
            "<lambda>",
        ):
            return None
        if frame in self._open:
            self._open.pop(frame).update({name: copied(value) for name, value in frame.f_locals.items()})
        if event == "line":
            after: dict[str, Any] = {}
            self._open[frame] = after
            number = self._numbers.setdefault(frame, len(self._numbers))
            self.lines.append((number, frame.f_lineno, after))
        return self


def run_module(source: str) -> dict[str, Any]:
    """Run source as a module that is not the main program."""
    module = ModuleType("submission")
    module.__dict__["__file__"] = FILE
    sys.modules["submission"] = module
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, FILE, "exec"), module.__dict__)
    return module.__dict__


def plain(value: Any) -> Any:
    """Return a value as the judge would receive it; models become Keras's own facts."""
    if isinstance(value, tuple):  # a NamedTuple counts as one
        return tuple(map(plain, value))
    if hasattr(value, "numpy"):
        return value.numpy()
    if hasattr(value, "count_params"):
        return ModelFacts(int(value.count_params()), tuple(value.output_shape), tuple(value.input_shape))
    if type(value).__name__ == "Figure":
        figure = convert(value)
        assert isinstance(figure, FigureData)
        from grader.judge.wire.values import decode

        return decode(figure)
    return value


def as_seen(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [*map(as_seen, value)] if isinstance(value, list) else value


def alike(one: Any, other: Any) -> bool:
    """Return True if two results are equal, but for rounding and the kind of numbers."""
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, FigureData):
        return repr(one) == repr(other)
    left, right = np.asarray(one), np.asarray(other)
    if left.dtype.kind not in "biuf" or right.dtype.kind not in "biuf":
        return bool(one == other)
    return left.shape == right.shape and np.allclose(left, right)


def text_of_value(value: Any) -> str:
    return value if isinstance(value, str) and value.startswith("`") else str(shown(value))


def copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray | list) else value


def storing_lines(code: CodeType, name: str) -> set[int]:
    """Return the lines whose instructions store a variable."""
    lines, found = 0, set()
    for instruction in dis.get_instructions(code):
        lines = instruction.starts_line or lines
        if instruction.opname in ("STORE_FAST", "STORE_DEREF") and instruction.argval == name:
            found.add(lines)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= storing_lines(constant, name)
    return found


@contextlib.contextmanager
def seconds(limit: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise NoOpinion("it did not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
