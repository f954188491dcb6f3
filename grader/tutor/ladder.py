"""The ladder of help with a function: hints in order, then a worked example, then the solution."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct

from grader.content.course import Course, content_hash
from grader.content.exercise import Exercise, Function
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.progress.attempt import Attempt, in_time
from grader.progress.evidence import VersionedExercise, at_exercise, report_lines


class Rung(Struct, frozen=True):
    """One step of help. `number` counts hints from 1."""

    kind: Literal["hint", "example"]
    text: str
    number: int
    again: bool  # there are no more steps, so the last one is repeated


class Ladder:
    """A learner's position on the ladder of one function. If the function changes, the ladder starts over."""

    def __init__(self, exercise: Exercise, function: Function, attempts: Iterable[Attempt]) -> None:
        self.function = function
        self.item = f"{exercise.id}/{function.name}"
        self.version = content_hash(function)
        mine = [a for a in attempts if a.item == self.item and a.content_hash == self.version]
        self.hints_seen = max((a.hints for a in mine if a.kind == "hint"), default=0)
        self.example_seen = any(a.kind == "example" for a in mine)
        self.solution_seen = any(a.kind == "solution" for a in mine)

    @property
    def is_empty(self) -> bool:
        return not self.function.hints and self.function.example is None

    @property
    def left(self) -> int:
        """The number of steps left before the solution."""
        example = self.function.example is not None and not self.example_seen
        return max(len(self.function.hints) - self.hints_seen, 0) + example

    def next(self) -> Rung:
        """Return the next step, or the last one again at the end. The ladder must not be empty."""
        hints, example = self.function.hints, self.function.example
        if self.hints_seen < len(hints):
            return Rung("hint", hints[self.hints_seen], self.hints_seen + 1, again=False)
        if example is not None:
            return Rung("example", example, 0, again=self.example_seen)
        return Rung("hint", hints[-1], len(hints), again=True)


def first_not_passed(exercise: Exercise, attempts: Iterable[Attempt]) -> Function | None:
    """Return the first function with a test that did not pass in the last check, or None if all passed.

    Before the first check it is the exercise's first function.
    """
    checks = [a for a in in_time(attempts) if a.kind == "check" and a.item == exercise.id]
    if not checks:
        return exercise.functions[0]
    tests = report_lines(checks[-1].report).tests
    wrong = {test.function for test in tests if test.counts and test.outcome != "passed"}
    return next((function for function in exercise.functions if function.name in wrong), None)


def may_see_solution(
    course: Course, exercise: Exercise, function: Function, attempts: Iterable[Attempt]
) -> bool:
    """Return True if the function passed all its tests in the last check, or its solution was shown."""
    ordered = in_time(attempts)
    if Ladder(exercise, function, ordered).solution_seen:
        return True
    versioned = VersionedExercise(exercise, course.exercise_version(exercise.id))
    checks = at_exercise(versioned, ordered)[0]
    tests = [t for t in checks[-1].lines.tests if t.function == function.name and t.counts] if checks else []
    return bool(tests) and all(test.outcome == "passed" for test in tests)


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
