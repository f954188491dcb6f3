"""Turn visible tests into cells that run them without this package and without pytest.

The tests of a function are nested in a function of the cell, with the helpers
they use, so that their names cannot clash with the learner's names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from importlib import resources

from grader.content.exercise import Exercise
from grader.content.notebook import source_of
from grader.content.notebook_cells import FIXTURES
from grader.content.problem import ContentError, Problem

MARKER = "# --- from here on, this is the cell ---\n"
OFFERED = (
    "assert_shape",
    "assert_array_equal",
    "assert_allclose",
    "assert_same_table",
    "Mismatch",
    "StandIn",
    "free",
    "Generator",
)
Parameters = tuple[tuple[str, ...], ast.expr]  # names, and an expression of tuples of values
HEAD = "# Visible tests. Run this cell to check your function. Hidden tests run when your work is graded."
NONE = "# There are no visible tests. Hidden tests run when your work is graded."
ABOVE = "# Tools for the tests below. Run this cell; you need not read or change it."


def tools_cell(exercise: Exercise) -> str:
    """Return the source of the cell with the tools that test cells need."""
    text = resources.files("grader.notebook").joinpath("tools.py").read_text(encoding="utf-8")
    promised = "".join(f"    {f.name!r}: {f.returns!r},\n" for f in exercise.functions)
    body = text.partition(MARKER)[2].strip()
    return f"{ABOVE}\n{body}\n\n\nCourseTools.returns = {{\n{promised}}}"


class VisibleTests:
    """The parsed `visible_tests.py` of one exercise."""

    def __init__(self, file: str, text: str) -> None:
        """Raises ContentError if the file does not parse, or needs features of the judge."""
        self._file, self._text = file, text
        try:
            body = ast.parse(text).body
        except SyntaxError as error:
            raise self._error(error.lineno or 1, f"it does not parse: {error.msg}", "fix it") from None
        self._tests: dict[str, ast.FunctionDef] = {}
        self._cases: dict[str, list[Parameters]] = {}
        self._rest: list[ast.stmt] = []
        for node in body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                self._tests[node.name] = self._plain(node)
            else:
                self._rest += self._translated(node)

    def cell(self, function: str, names: Iterable[str]) -> str:
        """Return the source of the cell that runs these tests of a function."""
        tests = [self._tests[name] for name in names]
        if not tests:
            return NONE
        body, after_block = "", False
        for node in (*self._needed(tests), *tests):
            gap = "\n" if after_block or _is_block(node) else ""
            body, after_block = f"{body}{gap}{self._source(node)}\n", _is_block(node)
        body = f"{body.strip()}\n\nreturn [{', '.join(map(self._listed, tests))}]"
        call = f'CourseTools.run("{function}", tests_of_{function}())'
        return f"{HEAD}\ndef tests_of_{function}():\n{_indented(body)}\n\n\n{call}"

    def _plain(self, test: ast.FunctionDef) -> ast.FunctionDef:
        """Check that a test needs only the judge's mark, its fixtures and plain parameters."""
        cases = self._cases.setdefault(test.name, [])
        for decorator in test.decorator_list:
            if (parameters := parameters_of(decorator)) is not None:
                cases.append(parameters)
            elif not ast.unparse(decorator).startswith("pytest.mark.points("):
                raise self._error(
                    decorator.lineno,
                    f"{test.name} is decorated with `{ast.unparse(decorator)}`, which a notebook cannot run",
                    "write it as a plain test, or move it to hidden_tests.py",
                )
        known = {*FIXTURES, *(name for names, _ in cases for name in names)}
        unknown = [argument.arg for argument in test.args.args if argument.arg not in known]
        if unknown:
            raise self._error(
                test.lineno,
                f"{test.name} uses the fixture {unknown[0]!r}, which a notebook does not have",
                f"use only {' and '.join(FIXTURES)}, or move the test to hidden_tests.py",
            )
        return test

    def _translated(self, node: ast.stmt) -> list[ast.stmt]:
        """Return a statement that is not a test, with imports from this package as names of CourseTools."""
        module = node.module if isinstance(node, ast.ImportFrom) else None
        if module == "__future__":
            return []
        if module is not None and module.split(".")[0] == "grader":
            assert isinstance(node, ast.ImportFrom)
            return [*self._from_tools(node)]
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "grader" for name in node.names):
            raise self._error(
                node.lineno, "the package is imported, but notebooks do not have it", "import names from it"
            )
        return [node]

    def _from_tools(self, node: ast.ImportFrom) -> Iterator[ast.stmt]:
        asked = [(name.name, name.asname or name.name) for name in node.names]
        if asked == [("*", "*")]:
            asked = [(name, name) for name in OFFERED if name.startswith("assert_") or name == "Mismatch"]
        for name, known_as in asked:
            if name not in OFFERED:
                raise self._error(
                    node.lineno,
                    f"{name!r} is imported, but notebooks do not have it",
                    f"use {', '.join(OFFERED)}, or move the test to hidden_tests.py",
                )
            yield from ast.parse(f"{known_as} = CourseTools.{name}").body

    def _needed(self, tests: list[ast.FunctionDef]) -> list[ast.stmt]:
        """Return the statements that these tests use, directly or indirectly, in the order of the file."""
        used: list[ast.AST] = [statement for test in tests for statement in test.body]
        used += [values for test in tests for _, values in self._cases[test.name]]
        wanted = {name for node in used for name in _names(node)}
        chosen: set[int] = set()
        while True:
            more = {
                n
                for n, node in enumerate(self._rest)
                if n not in chosen and (wanted & _bound(node) or (not _bound(node) and not _is_text(node)))
            }
            if not more:
                return [node for n, node in enumerate(self._rest) if n in chosen]
            chosen |= more
            wanted |= {name for n in more for name in _names(self._rest[n])}

    def _listed(self, test: ast.FunctionDef) -> str:
        """Return a test as the item of a list; a parametrized test as its cases."""
        cases = [f"({names!r}, {ast.unparse(values)})" for names, values in self._cases[test.name]]
        return f"*CourseTools.cases({test.name}, {', '.join(cases)})" if cases else test.name

    def _source(self, node: ast.stmt) -> str:
        if isinstance(node, ast.FunctionDef) and node.name in self._tests:
            return "\n".join(self._text.splitlines()[node.lineno - 1 : node.end_lineno])
        translated = isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("CourseTools.")
        return ast.unparse(node) if translated else source_of(self._text, node)

    def _error(self, line: int, what: str, todo: str) -> ContentError:
        return ContentError([Problem(self._file, line, what, todo)])


def parameters_of(decorator: ast.expr) -> Parameters | None:
    """Return the arguments of `pytest.mark.parametrize` if they need nothing else of pytest; else None."""
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.parametrize":
        return None
    if len(decorator.args) != 2 or any(keyword.arg != "ids" for keyword in decorator.keywords):
        return None
    names, values = decorator.args
    if "pytest" in _names(values):  # pytest.param
        return None
    try:
        named = ast.literal_eval(names)
    except ValueError:
        return None
    if isinstance(named, list | tuple):
        return tuple(map(str, named)), values
    if not isinstance(named, str):
        return None
    split = tuple(name.strip() for name in named.split(",") if name.strip())
    if len(split) == 1:
        values = ast.parse(f"[(value,) for value in {ast.unparse(values)}]", mode="eval").body
    return split, values


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).split(".")[0] for name in node.names}
    stored = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {name.id for name in stored}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and _is_string(node.value)


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_block(node: ast.stmt) -> bool:
    return hasattr(node, "body")


def _indented(source: str) -> str:
    """Indent source by one level, except inside strings of several lines, which would change."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr) and (isinstance(node, ast.JoinedStr) or _is_string(node)):
            segment = ast.get_source_segment(source, node) or ""
            if '"""' in segment or "'''" in segment:
                inside |= {*range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)}
    lines = enumerate(source.split("\n"), start=1)
    return "\n".join(line if n in inside or not line else f"    {line}" for n, line in lines)
