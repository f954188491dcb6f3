"""The ladder of help with a function: hints that fit, then a worked example, then the solution."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct

from grader.content.course import Course
from grader.content.exercise import Exercise, Function
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import VersionedExercise, at_exercise
from grader.tutor.hint_sources import Source, about_function, fitting, last_check, opened_before
from grader.tutor.recording import Recorder


class Rung(Struct, frozen=True):
    """One step of help: a hint from one of the sources that fit, or the worked example."""

    kind: Literal["hint", "example"]
    text: str
    source: Source  # the function's, for the example
    opened: int  # number of hints of this source that are open with this one; 0 for the example
    number: int  # of the hint among all that fit, counted from 1; 0 for the example
    again: bool  # there are no more steps, so the last one is repeated


class Ladder:
    """A learner's position on the ladder of one function.

    The hints start with the root failure of the last check, so the ladder changes with
    each check. No text is given twice. If a source of hints changes, its hints start over.
    """

    def __init__(self, exercise: Exercise, function: Function, attempts: Iterable[Attempt]) -> None:
        attempts = [*attempts]
        self.function = function
        check = last_check(exercise, attempts)
        self.is_checked = check is not None
        own = about_function(exercise, function)
        self.item, self.version = own.item, own.version
        at_own = [a for a in attempts if (a.item, a.content_hash) == (own.item, own.version)]
        self.example_seen = any(a.kind == "example" for a in at_own)
        self.solution_seen = any(a.kind == "solution" for a in at_own)
        self._own = own
        self._hints: dict[str, tuple[Source, int]] = {}  # each text once, with its place
        for source in fitting(exercise, function, check):
            for index, text in enumerate(source.hints):
                self._hints.setdefault(text, (source, index))
        seen = _opened(attempts)
        given = {
            text
            for source in opened_before(exercise, function)
            for text in source.hints[: seen.get((source.item, source.version), 0)]
        }
        self._given = given & {*self._hints}

    @property
    def total(self) -> int:
        """The number of hints that fit, given or not."""
        return len(self._hints)

    @property
    def given(self) -> tuple[str, ...]:
        """The hints that fit and have been given, in order."""
        return tuple(text for text in self._hints if text in self._given)

    @property
    def is_empty(self) -> bool:
        return not self._hints and self.function.example is None

    @property
    def left(self) -> int:
        """The number of steps left before the solution."""
        example = self.function.example is not None and not self.example_seen
        return self.total - len(self._given) + example

    def next(self) -> Rung:
        """Return the next step, or the last one again at the end. The ladder must not be empty."""
        for text, (source, index) in self._hints.items():
            if text not in self._given:
                return Rung("hint", text, source, index + 1, len(self._given) + 1, again=False)
        if self.function.example is not None:
            return Rung("example", self.function.example, self._own, 0, 0, again=self.example_seen)
        text, (source, index) = [*self._hints.items()][-1]
        return Rung("hint", text, source, index + 1, self.total, again=True)


def open_next(exercise: Exercise, function: Function, recorder: Recorder) -> Rung:
    """Open and record the next step of help with a function, or repeat the last one. There must be one."""
    rung = Ladder(exercise, function, recorder.attempts()).next()
    if not rung.again:
        recorder.record(rung.kind, rung.source.item, rung.source.version, hints=rung.opened)
    return rung


def open_solution(course: Course, exercise: Exercise, function: Function, recorder: Recorder) -> str:
    """Record that the solution was shown, and return it. Raises CourseError if there is other help left."""
    ladder = Ladder(exercise, function, recorder.attempts())
    if ladder.left and not ladder.solution_seen:
        steps = "one more step" if ladder.left == 1 else f"{ladder.left} more steps"
        raise CourseError(
            f"open {steps} of help for {function.name} before its solution — "
            f"course hint {exercise.id} {function.name}"
        )
    code = solution_of(course, exercise, function)
    recorder.record("solution", ladder.item, ladder.version)
    return code


def _opened(attempts: Iterable[Attempt]) -> dict[tuple[str, str], int]:
    """Return the number of hints opened, by item and version."""
    opened: dict[tuple[str, str], int] = {}
    for attempt in attempts:
        if attempt.kind == "hint":
            key = (attempt.item, attempt.content_hash)
            opened[key] = max(opened.get(key, 0), attempt.hints)
    return opened


def first_not_passed(exercise: Exercise, attempts: Iterable[Attempt]) -> Function | None:
    """Return the first function with a test that did not pass in the last check, or None if all passed.

    Before the first check it is the exercise's first function.
    """
    check = last_check(exercise, attempts)
    if check is None:
        return exercise.functions[0]
    left = {test.function for test in check.tests if test.is_open}
    return next((function for function in exercise.functions if function.name in left), None)


def may_see_solution(
    course: Course, exercise: Exercise, function: Function, attempts: Iterable[Attempt]
) -> bool:
    """Return True if the function passed all its tests in the last check, or its solution was shown."""
    ordered = in_time(attempts)
    if Ladder(exercise, function, ordered).solution_seen:
        return True
    versioned = VersionedExercise(exercise, course.exercise_version(exercise.id))
    checks = at_exercise(versioned, ordered)[0]
    tests = [test for test in checks[-1].lines.tests if test.function == function.name] if checks else []
    return any(test.counts for test in tests) and not any(test.is_open for test in tests)


def solution_of(course: Course, exercise: Exercise, function: Function) -> str:
    """Return the reference solution of one function. Raises CourseError if the course does not have it."""
    path = course.exercise_dir(exercise.id) / "solution.py"
    if not path.is_file():
        raise CourseError(f"this course does not have the solutions of {exercise.id} — ask your instructor")
    others = {other.name for other in exercise.functions} - {function.name}
    code = definition_in(read_text(path), function.name, without=others)
    if code is None:
        raise CourseError(f"{path} does not define {function.name} — tell the author")
    return code


def definition_in(source: str, name: str, without: Collection[str] = ()) -> str | None:
    """Return a function's code with the definitions it needs from the same file, in the file's order.

    Imports and the functions named in `without` are left out. Return None if there is no such function.
    """
    tree = ast.parse(source)
    places = {defined: node for node in tree.body for defined in _names(node)}
    if name not in places:
        return None
    wanted: list[str] = []

    def collect(current: str) -> None:
        if current in wanted:
            return
        wanted.append(current)
        for used in ast.walk(places[current]):
            if isinstance(used, ast.Name) and used.id in places and used.id not in without:
                collect(used.id)

    collect(name)
    nodes = {id(places[needed]): places[needed] for needed in wanted}
    ordered = sorted(nodes.values(), key=lambda node: node.lineno)
    return "\n\n\n".join(_text(source, node) for node in ordered)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _text(source: str, node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    # Python's line ends; `splitlines` would split at others too
    return "\n".join(re.split(r"\r\n|\r|\n", source)[first - 1 : node.end_lineno])
