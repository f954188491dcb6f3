"""Types of `exercise.yaml`: the functions to write, their contracts and hints, and known mistakes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from typing import ClassVar, Literal

from msgspec import field

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.data_files import DataFile, data_findings, may_read
from grader.content.libraries import USUAL, WITHOUT_TENSORFLOW, library_findings, may_use
from grader.content.limits import USUAL_LIMITS, ExerciseLimits
from grader.content.network import Network
from grader.content.relations import RelationKind

# fmt: off
Kind = Literal[
    "array", "float", "int", "bool", "string", "list", "tuple", "set", "dict", "DataFrame", "Series",
    "model", "figure", "any",
]
# fmt: on


class Function(Content, frozen=True, kw_only=True):
    """One function the learner writes.

    `returns` maps each returned value's name to its kind, in order. A function with
    several returned values returns a tuple. The judge checks the kinds before a test
    sees a value.
    """

    signature: str  # "create_sequences(data, seq_length)"
    text: str  # the contract, in Markdown
    returns: dict[str, Kind]
    concepts: tuple[Id, ...] = ()
    section: str | None = None  # section of the lesson to read again
    hints: tuple[str, ...] = ()
    example: str | None = None  # a similar problem with its solution, in Markdown; shown after the last hint

    @property
    def name(self) -> str:
        """The part of the signature before the parentheses."""
        return self.signature.partition("(")[0].strip()

    @property
    def definition(self) -> ast.FunctionDef:
        """The signature as a syntax tree, with an empty body."""
        return _definition(self.signature)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter names in the signature: positional ones first, then keyword-only ones."""
        keyword_only = self.definition.args.kwonlyargs
        return (*self.positional, *(a.arg for a in keyword_only))

    @property
    def positional(self) -> tuple[str, ...]:
        """The names of the parameters that a call can pass by position, in order."""
        arguments = self.definition.args
        return tuple(a.arg for a in arguments.posonlyargs + arguments.args)

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
            yield Finding(("returns",), "`returns` is empty", "name each returned value and its kind")


class Mistake(Content, frozen=True, kw_only=True):
    """A known wrong implementation of one function, and the misconception behind it.

    The code is in `mistakes/<id with underscores>.py`. Its definitions replace those
    of the solution. A learner whose function behaves the same way is shown `says`.

    With `relation`, the mistake is recognized by how the results differ from the right
    ones, whatever the code does. The file is then an example that proves this. `results`
    are the results that the relation must be about; if left out, any.
    """

    id: Id
    function: str
    misconception: Id  # of the lesson
    says: str  # one sentence that asks or points, and does not give the answer away
    section: str | None = None  # section of the lesson to read again; None: the function's section
    hints: tuple[str, ...] = ()  # they go further than `says`, and come before the function's hints
    relation: RelationKind | None = None
    results: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The path of the code, relative to the exercise's directory."""
        return f"mistakes/{self.id.replace('-', '_')}.py"


class TestHelp(Content, frozen=True, kw_only=True):
    """Help with one test. Learners whose code fails the test get its hints before the function's."""

    __test__ = False  # keeps pytest from collecting this class

    hints: tuple[str, ...]

    def findings(self) -> Iterator[Finding]:
        if not self.hints:
            yield Finding(("hints",), "there is no hint", "write at least one, or remove the entry")


class Exercise(Content, frozen=True, kw_only=True):
    """One exercise, read from `exercise.yaml` in its directory.

    `libraries` are the packages that a submission may use besides those of every
    exercise, as pip requirements: "scikit-learn", "pandas>=2.2". `tests` maps the name
    of a test, visible or hidden, to the help with it. `networks` run on the page. `data`
    are files that learner code may read, and `limits` the time and memory that it has.
    """

    usual: ClassVar[tuple[str, ...]] = USUAL  # the libraries of every exercise

    id: Id
    title: str
    lesson: Id
    text: str
    libraries: tuple[str, ...] = ()
    data: tuple[DataFile, ...] = ()
    limits: ExerciseLimits = USUAL_LIMITS
    functions: tuple[Function, ...]
    tests: dict[str, TestHelp] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    networks: tuple[Network, ...] = ()

    @property
    def full_text(self) -> str:
        """The text for learners, with the libraries and data files that the exercise lists."""
        return "\n\n".join(filter(None, (self.text.strip(), self.may_use, may_read(self.data))))

    @property
    def may_use(self) -> str:
        """The sentence about the libraries that the exercise lists; "" if there are none."""
        return may_use(self.libraries, self.usual)

    @property
    def kinds(self) -> set[str]:
        """The kinds of all results of the functions."""
        return {kind for function in self.functions for kind in function.returns.values()}

    def function(self, name: str) -> Function | None:
        """Return the function with this name, or None."""
        return next((f for f in self.functions if f.name == name), None)

    def findings(self) -> Iterator[Finding]:
        if not self.functions:
            yield Finding(("functions",), "there is no function", "add at least one")
        for index, name in duplicates(f.name for f in self.functions):
            yield Finding(
                ("functions", index, "signature"),
                f"two functions are named {name!r}",
                "give each function its own name",
            )
        for index, mistake_id in duplicates(mistake.id for mistake in self.mistakes):
            path = ("mistakes", index, "id")
            yield Finding(path, f"{mistake_id!r} is used twice", "give each mistake its own id")
        names = [function.name for function in self.functions]
        renamed = self._renamed()
        for name, index in renamed.items():
            what = f"the mistakes are about {name}, which no signature has"
            todo = f"did you mean {name} here? Else rename it in solution.py and in the mistakes, too"
            yield Finding(("functions", index, "signature"), what, todo)
        for index, mistake in enumerate(self.mistakes):
            if mistake.function not in names and mistake.function not in renamed:
                yield Finding.unknown(("mistakes", index, "function"), mistake.function, names)
            yield from self._result_findings(index, mistake)
        for index, network_id in duplicates(network.id for network in self.networks):
            path = ("networks", index, "id")
            yield Finding(path, f"{network_id!r} is used twice", "give each network its own id")
        for index, network in enumerate(self.networks):
            yield from self._network_findings(("networks", index), network)
        yield from library_findings(self.libraries)
        yield from data_findings(self.data)

    def _renamed(self) -> dict[str, int]:
        """Return names that mistakes have and no signature has, each with the signature that was renamed.

        That is the most similar one, if no mistake is about it.
        """
        named = {mistake.function for mistake in self.mistakes}
        free = [function.name for function in self.functions if function.name not in named]
        all_names = [function.name for function in self.functions]
        found = {name: get_close_matches(name, free, n=1) for name in sorted(named - {*all_names})}
        return {name: all_names.index(near[0]) for name, near in found.items() if near}

    def _network_findings(self, path: tuple[str | int, ...], network: Network) -> Iterator[Finding]:
        try:
            name, (given, named) = network.function, network.arguments
        except (SyntaxError, ValueError):
            return  # the network's own findings tell this
        path = (*path, "call")
        function = self.function(name)
        if function is None:
            yield Finding.unknown(path, name, [f.name for f in self.functions])
            return
        if [*function.returns.values()] != ["model"]:
            yield Finding(path, f"{function.name} does not return one model", "call a function that does")
        for name in named:
            if name not in function.parameters:
                yield Finding.unknown(path, name, [*function.parameters])
        if len(given) > len(function.positional):
            yield Finding(path, "there are too many arguments", f"call it as {function.signature}")

    def _result_findings(self, index: int, mistake: Mistake) -> Iterator[Finding]:
        path = ("mistakes", index, "results")
        if mistake.results and mistake.relation is None:
            yield Finding(path, "`results` needs a `relation`", "add the relation, or delete the results")
        function = self.function(mistake.function)
        for name in mistake.results if function else ():
            if function and name not in function.returns:
                yield Finding.unknown(path, name, [*function.returns])


def _definition(signature: str) -> ast.FunctionDef:
    """Parse a signature. Raises SyntaxError."""
    statements = ast.parse(f"def {signature}: ...").body
    match statements:
        case [ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=inner))]) as definition] if (
            inner is ...
        ):
            return definition
    raise SyntaxError(signature)  # there is more than a signature


class ExerciseWithoutTensorFlow(Exercise, frozen=True, kw_only=True):
    """An exercise of a course that does not bring TensorFlow."""

    usual: ClassVar[tuple[str, ...]] = WITHOUT_TENSORFLOW
