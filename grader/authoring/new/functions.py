"""Functions of a new exercise: from lines such as `word_count(text) -> int`, or from a solution."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import get_args

from msgspec import Struct

from grader.content.exercise import Function, Kind
from grader.content.problem import ContentError, Problem
from grader.errors import CourseError

KINDS: tuple[str, ...] = get_args(Kind)
_KINDS_OF_TYPES: Mapping[str, str] = {
    "str": "string",
    "ndarray": "array",
    "NDArray": "array",
    **{each.capitalize(): each for each in ("list", "tuple", "set", "dict")},
    "Model": "model",
    "Sequential": "model",
    "Figure": "figure",
}
_LINE = re.compile(r"(?P<signature>\w+\s*\(.*\))\s*(?:->\s*(?P<returns>.+))?")
_VERBS = ("build", "calculate", "compute", "create", "find", "get", "load", "make", "read", "return")
_NUMPY_RESULTS = re.compile(r"(?m)^Returns\n-+\n(?P<lines>(?:.+\n?)+)")
_NUMPY_RESULT = re.compile(r"(?m)^(?P<name>[^\W\d]\w*) : ")


class NewFunction(Struct, frozen=True, kw_only=True):
    """A function of a new exercise. `text` is its contract, or "" if it is still to be written."""

    signature: str
    returns: Mapping[str, str]
    text: str = ""

    @property
    def name(self) -> str:
        """The part of the signature before the parentheses."""
        return self.signature.partition("(")[0].strip()

    @property
    def arguments(self) -> Mapping[str, str]:
        """The parameters without defaults, and how a call passes each: "x" or "x=x"."""
        given = ast.parse(f"def {self.signature}: ...").body[0]
        assert isinstance(given, ast.FunctionDef)
        positional = [*given.args.posonlyargs, *given.args.args]
        passed = {a.arg: a.arg for a in positional[: len(positional) - len(given.args.defaults)]}
        named = zip(given.args.kwonlyargs, given.args.kw_defaults, strict=True)
        return passed | {a.arg: f"{a.arg}={a.arg}" for a, default in named if default is None}


def function_of(line: str) -> NewFunction:
    """Read `name(a, b=1) -> kind`, or `-> x: kind, y: kind` for several results. Raises CourseError."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise CourseError(f"{line!r} is not a function — write one such as word_count(text) -> int")
    signature = found["signature"].strip()
    name = signature.partition("(")[0].strip()
    function = NewFunction(signature=signature, returns=dict(_results(name, found["returns"] or "any")))
    shape = Function(signature=function.signature, text="x", returns={"x": "any"})
    for finding in shape.findings():
        raise CourseError(f"{finding.what} — {finding.todo}")
    return function


def _results(function: str, line: str) -> Iterator[tuple[str, str]]:
    parts = [part.strip() for part in line.split(",")]
    for number, part in enumerate(parts, start=1):
        name, colon, kind = part.rpartition(":")
        kind = _KINDS_OF_TYPES.get(kind.strip(), kind.strip())
        if kind not in KINDS:
            raise CourseError(f"{kind!r} is not a kind of result — use one of {', '.join(KINDS)}")
        yield name.strip() if colon else _name(function, number, len(parts)), kind


def _name(function: str, number: int, count: int) -> str:
    """Return the name of a result that has none: that of the function, without a verb such as "compute"."""
    verb, _, rest = function.partition("_")
    named = rest if verb in _VERBS and rest.isidentifier() else function
    return named if count == 1 else f"{named}_{number}"


def functions_in(solution: str, file: str) -> list[NewFunction]:
    """Return the functions of a solution that do not begin with an underscore. Raises CourseError."""
    functions = [
        NewFunction(
            signature=f"{node.name}({_plain_parameters(node)})",
            returns=_returns(node),
            text=ast.get_docstring(node) or "",
        )
        for node in parsed(solution, file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    if not functions:
        raise CourseError(f"{file} defines no function — write the functions that learners are to write")
    return functions


def parsed(source: str, file: str) -> ast.Module:
    """Parse Python code. Raises ContentError."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        what = f"Python cannot parse it: {getattr(error, 'msg', error)}"
        raise ContentError([Problem(file, line, what, "fix it")]) from None


def _plain_parameters(node: ast.FunctionDef) -> str:
    """Return the parameters without annotations."""
    arguments = ast.parse(f"def f({ast.unparse(node.args)}): ...").body[0]
    assert isinstance(arguments, ast.FunctionDef)
    for argument in ast.walk(arguments.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(arguments.args)


def _returns(node: ast.FunctionDef) -> dict[str, str]:
    """Return the names and kinds of the results, from the annotation, the docstring and the last `return`.

    A docstring in NumPy's style names the results. Else, of several, variables are named as in the code.
    """
    values = [each.value for each in _statements(node) if isinstance(each, ast.Return) and each.value]
    several = values[-1].elts if values and isinstance(values[-1], ast.Tuple) else []
    annotation = _read(node.returns)
    section = _NUMPY_RESULTS.search(ast.get_docstring(node) or "")
    said = _NUMPY_RESULT.findall(section["lines"]) if section else []
    if several:
        given = annotation.slice if isinstance(annotation, ast.Subscript) else None
        kinds: list[ast.expr | None] = [*given.elts] if isinstance(given, ast.Tuple) else []
        if len(kinds) != len(several):
            kinds = [None] * len(several)
        names = [
            each.id if isinstance(each, ast.Name) else _name(node.name, number, len(several))
            for number, each in enumerate(several, start=1)
        ]
        names = said if len({*said}) == len(several) else names
        return {name: _kind(kind) for name, kind in zip(names, kinds, strict=True)}
    return {said[0] if len(said) == 1 else _name(node.name, 1, 1): _kind(annotation)}


def _read(annotation: ast.expr | None) -> ast.expr | None:
    """Return an annotation, or what is in its quotes."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    return annotation


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below a function, but none of the functions inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from _statements(child)


def _kind(annotation: ast.expr | None) -> str:
    """Return the kind that an annotation stands for; "any" if it is none of them."""
    annotation = _read(annotation)
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    name = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    kind = _KINDS_OF_TYPES.get(name, name)
    return kind if kind in KINDS else "any"
