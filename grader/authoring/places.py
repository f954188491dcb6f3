"""Line numbers of values in YAML files and of definitions in Python files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

from grader.content.problem import Problem, problems_of
from grader.content.yaml_core import compose, line_of, read_text
from grader.errors import CourseError, EnvironmentProblem

PathStep = str | int


class YamlPlaces:
    """The lines of the values in one YAML file."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises CourseError, or ContentError if it is not valid YAML."""
        self.file = str(path)
        text = read_text(path)
        self._lines = text.split("\n")
        self._root = _composed(text, self.file)

    def line(self, path: tuple[PathStep, ...], holding: str = "") -> int:
        """Return the line on which the value at `path` starts, counted from 1.

        With `holding`, return the line within the value on which these words start. If
        the path or the words do not exist, return the nearest line before.
        """
        node, last = self._root, len(self._lines)
        for step in path:
            node = _child(node, step) or node
        if node is None:
            return 1
        first = line_of(node)
        if words := holding.split():
            # folded text may have a line break between any two words
            last = int(node.end_mark.line) + 1
            region = "\n".join(self._lines[first - 1 : last])
            match = re.search(r"\s+".join(map(re.escape, words)), region)
            return first + region.count("\n", 0, match.start()) if match else first
        return first

    def lines_of(self, items: str, item_id: str) -> range | None:
        """Return the lines of the item with this id in a list of the file, or None if there is none."""
        listed = _child(self._root, items)
        for node in listed.value if isinstance(listed, yaml.SequenceNode) else ():
            named = _child(node, "id")
            if named is not None and named.value == item_id:
                # a block ends where the next one begins
                is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
                end = int(node.end_mark.line) + (not is_block)
                return range(line_of(node), max(line_of(node), end) + 1)
        return None

    def problem(self, path: tuple[PathStep, ...], what: str, todo: str, holding: str = "") -> Problem:
        """Return a problem with the value at `path`."""
        return Problem(self.file, self.line(path, holding), what, todo)


def _child(node: yaml.Node | None, step: PathStep) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


@lru_cache(64)  # of what is read again at each save, most has not changed
def _composed(text: str, file: str) -> yaml.Node | None:
    return compose(text, file)


@lru_cache(500)
def parse(source: str) -> ast.Module:
    """Return the syntax tree of a program, which nobody may change. Raises SyntaxError, ValueError."""
    return ast.parse(source)


class PythonPlaces:
    """The lines of the definitions in one Python file; 1 if the file is missing or broken.

    A file that is missing or is not text has an empty source. `unreadable` says why in the second case.
    """

    def __init__(self, path: Path) -> None:
        """Read the file. Raises EnvironmentProblem if it cannot be accessed."""
        self.file = str(path)
        self.source = ""
        self.unreadable: tuple[Problem, ...] = ()
        try:
            self.source = read_text(path) if path.is_file() else ""
        except EnvironmentProblem:
            raise
        except CourseError as error:
            self.unreadable = problems_of(error, path)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of the file. Raises SyntaxError, ValueError."""
        return parse(self.source)

    @cached_property
    def tests(self) -> dict[str, ast.FunctionDef]:
        """The tests by name: the functions with a mark `points(…, function="…")`."""
        try:
            body = self.tree.body
        except (SyntaxError, ValueError):
            return {}
        return {node.name: node for node in body if isinstance(node, ast.FunctionDef) and _tested_by(node)}

    @property
    def tested_functions(self) -> list[str]:
        """The functions that the tests' marks name, one entry per test."""
        return [*map(self.function_of, self.tests)]

    def function_of(self, test: str) -> str:
        """Return the function that a test's mark names."""
        return _tested_by(self.tests[test])

    @cached_property
    def definitions(self) -> dict[str, int]:
        """The line of each top-level definition, by name."""
        try:
            body = self.tree.body
        except (SyntaxError, ValueError):
            return {}
        lines: dict[str, int] = {}
        for node in body:
            for name in _names(node):
                lines[name] = node.lineno
        return lines

    def line(self, name: str) -> int:
        """Return the line of a function's `def`; `name` may be a test id with parameters in brackets."""
        return self.definitions.get(name.partition("[")[0], 1)

    def users(self, name: str) -> set[str]:
        """Return the top-level functions and classes that use `name`, directly or through others."""
        mentions = {
            node.name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        users = {name}
        while more := {user for user, mentioned in mentions.items() if mentioned & users} - users:
            users |= more
        return users - {name}

    def changes_only(self, name: str, whole: PythonPlaces) -> bool:
        """Return True if these definitions, loaded over those of `whole`, can change nothing but `name`.

        They may add imports, functions and plain values. Any other statement could do anything.
        """
        taken = {*whole.definitions, *imported_names(whole.tree.body)} - {name}
        same = {ast.dump(node) for node in whole.tree.body}
        return all(ast.dump(node) in same or _is_harmless(node, taken) for node in self.tree.body)

    def problem(self, name: str, what: str, todo: str) -> Problem:
        """Return a problem with the function `name`."""
        return Problem(self.file, self.line(name), what, todo)


def _tested_by(node: ast.FunctionDef) -> str:
    """Return the function that a definition's mark names; empty if it is not a test."""
    calls = (mark for mark in node.decorator_list if isinstance(mark, ast.Call))
    values = (keyword.value for call in calls for keyword in call.keywords if keyword.arg == "function")
    return next((str(value.value) for value in values if isinstance(value, ast.Constant)), "")


def imported_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that the import statements among these bind."""
    imports = [node for node in statements if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}


def _is_harmless(node: ast.stmt, taken: set[str]) -> bool:
    """Return True if a statement only binds names that are not taken, and runs no code of its own."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Import() | ast.ImportFrom():
            return taken.isdisjoint(imported_names([node]))
        case ast.FunctionDef(decorator_list=[], args=arguments):
            defaults = (*arguments.defaults, *filter(None, arguments.kw_defaults))
            return node.name not in taken and all(map(_is_literal, defaults))
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name not in taken and _is_literal(value)
    return False


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return []
