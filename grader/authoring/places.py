"""Where things stand: the line of a value in a YAML file, of a function in a Python file."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from pathlib import Path

import yaml

from grader.content.problem import Problem
from grader.content.yaml_core import compose, line_of, read_text

Step = str | int


class YamlPlaces:
    """One YAML file that can be decoded. Raises ContentError and CourseError as reading it does."""

    def __init__(self, path: Path) -> None:
        self.file = str(path)
        text = read_text(path)
        self._lines = text.split("\n")
        self._root = compose(text, self.file)

    def line(self, path: tuple[Step, ...], holding: str = "") -> int:
        """Return the line of the value at `path`; with `holding`, the line where these words begin in it."""
        node, last = self._root, len(self._lines)
        for step in path:
            node = _child(node, step) or node
        if node is None:
            return 1
        first = line_of(node)
        if words := holding.split():
            # a text that is folded in the file may break between any two words
            last = int(node.end_mark.line) + 1
            region = "\n".join(self._lines[first - 1 : last])
            found = re.search(r"\s+".join(map(re.escape, words)), region)
            return first + region.count("\n", 0, found.start()) if found else first
        return first

    def problem(self, path: tuple[Step, ...], what: str, todo: str, holding: str = "") -> Problem:
        """Return a problem of the value at `path`."""
        return Problem(self.file, self.line(path, holding), what, todo)


def _child(node: yaml.Node | None, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


class PythonPlaces:
    """One Python file. It may be missing or broken; then every line is 1."""

    def __init__(self, path: Path) -> None:
        self.file = str(path)
        self.source = read_text(path) if path.is_file() else ""

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SyntaxError, ValueError."""
        return ast.parse(self.source)

    @cached_property
    def tested_functions(self) -> list[str]:
        """For each test, what its mark `points(…, function="…")` names."""
        try:
            found = [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        except (SyntaxError, ValueError):
            return []
        calls = (mark for test in found for mark in test.decorator_list if isinstance(mark, ast.Call))
        values = (named.value for call in calls for named in call.keywords if named.arg == "function")
        return [str(value.value) for value in values if isinstance(value, ast.Constant)]

    @cached_property
    def definitions(self) -> dict[str, int]:
        """The line of each name that the file defines at its top level."""
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
        """Return the line of a function's `def`, whatever its decorators; of test ids too."""
        return self.definitions.get(name.partition("[")[0], 1)

    def users(self, name: str) -> set[str]:
        """Return the top-level functions that use the one called `name`, themselves or through others."""
        mentions = {
            node.name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        found = {name}
        while more := {user for user, named in mentions.items() if named & found} - found:
            found |= more
        return found - {name}

    def problem(self, name: str, what: str, todo: str) -> Problem:
        """Return a problem of the function called `name`."""
        return Problem(self.file, self.line(name), what, todo)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return []
