"""Exercises: functions to write, with their contracts and hints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from grader.content.base import Content, Finding, Id, duplicates

Kind = Literal["array", "float", "int", "string", "list", "dict", "model", "figure", "any"]


class Function(Content, frozen=True, kw_only=True):
    """One function the learner writes.

    `returns` names each returned value and its kind, in order; a function with
    several promises a tuple. The judge checks the kinds before a test sees a value.
    """

    signature: str  # "create_sequences(data, seq_length)"
    text: str  # the contract, in Markdown
    returns: dict[str, Kind]
    concepts: tuple[Id, ...] = ()
    section: str | None = None  # of the lesson, to read again
    hints: tuple[str, ...] = ()
    example: str | None = None  # a like problem worked through, in Markdown; comes after the last hint

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0].strip()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The promised parameter names, in order."""
        arguments = _definition(self.signature).args
        return tuple(a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs)

    def findings(self) -> Iterator[Finding]:
        try:
            _definition(self.signature)
        except SyntaxError:
            yield Finding(
                ("signature",),
                f"{self.signature!r} is not a signature",
                "write it as in Python: name(a, b=1)",
            )
        if not self.returns:
            yield Finding(("returns",), "returns nothing", "name each returned value and its kind")


class Mistake(Content, frozen=True, kw_only=True):
    """A known wrong implementation of one function, and what it tells about its author.

    The code is `mistakes/<id with underscores>.py`: definitions that replace
    those of the solution. A learner whose function behaves like it reads `says`.
    """

    id: Id
    function: str
    misconception: Id  # of the lesson
    says: str  # one sentence that asks or points, and does not give the answer away
    section: str | None = None  # of the lesson, to read again; else the function's

    @property
    def file(self) -> str:
        """Return its path inside the exercise's directory."""
        return f"mistakes/{self.id.replace('-', '_')}.py"


class Exercise(Content, frozen=True, kw_only=True):
    """The `exercise.yaml` of one exercise directory."""

    id: Id
    title: str
    lesson: Id
    text: str
    functions: tuple[Function, ...]
    mistakes: tuple[Mistake, ...] = ()

    def function(self, name: str) -> Function | None:
        return next((f for f in self.functions if f.name == name), None)

    def findings(self) -> Iterator[Finding]:
        if not self.functions:
            yield Finding(("functions",), "no function", "an exercise has at least one")
        for index, again in duplicates(f.name for f in self.functions):
            yield Finding(
                ("functions", index, "signature"), f"{again!r} is there twice", "give each its own name"
            )
        for index, again in duplicates(mistake.id for mistake in self.mistakes):
            yield Finding(("mistakes", index, "id"), f"{again!r} is used twice", "give each its own id")
        names = [function.name for function in self.functions]
        for index, mistake in enumerate(self.mistakes):
            if mistake.function not in names:
                yield Finding.unknown(("mistakes", index, "function"), mistake.function, names)


def _definition(signature: str) -> ast.FunctionDef:
    statements = ast.parse(f"def {signature}: ...").body
    match statements:
        case [ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=inner))]) as definition] if (
            inner is ...
        ):
            return definition
    raise SyntaxError(signature)  # it holds more than a signature
