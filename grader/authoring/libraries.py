"""The author's own machine: an exercise can be proven only where the libraries of its code are installed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from grader.authoring.material import ExerciseFiles
from grader.authoring.places import PythonPlaces
from grader.content.libraries import import_names, install_command, missing, package_name
from grader.content.problem import Problem

_OF_TENSORFLOW = ("tensorflow", "keras")


def library_problems(files: ExerciseFiles) -> tuple[list[Problem], list[Problem]]:
    """Return (problems, warnings) about libraries that are not installed here, or not listed.

    A library that the author's code imports is a problem if it is not installed, because nothing
    can be proven without it. Any other library is only untried.
    """
    unlisted, unsure = _not_listed(files)
    problems, warnings = [*_tables_without_pandas(files), *unlisted], unsure
    for index, library in enumerate(files.exercise.libraries):
        for lacking in missing([library]):
            path, todo = ("libraries", index), install_command([lacking])
            users = [file for file in _code(files) if _imports(file) & {*import_names(library)}]
            if users:
                what = f"{lacking} is not installed here, and {Path(users[0].file).name} imports it"
                problems.append(files.yaml.problem(path, what, todo))
            else:
                what = f"{lacking} is not installed here, so it was not tried"
                warnings.append(files.yaml.problem(path, what, todo))
    return problems, warnings


def _tables_without_pandas(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield a problem for each result that is a table of pandas, unless pandas may be used."""
    if "pandas" in map(package_name, files.exercise.libraries):
        return
    for index, function in enumerate(files.exercise.functions):
        for name, kind in function.returns.items():
            if kind in ("DataFrame", "Series"):
                what = f"{function.name} returns a {kind}, but the exercise does not list pandas"
                todo = 'add it to `libraries:`, in quotes if you name versions: "pandas>=2.2"'
                yield files.yaml.problem(("functions", index, "returns", name), what, todo)


def _not_listed(files: ExerciseFiles) -> tuple[list[Problem], list[Problem]]:
    """Return (problems, warnings) about imports that neither the exercise nor the course allows."""
    problems, warnings = [], []
    libraries = [*files.exercise.usual, *files.exercise.libraries]
    plain = sys.stdlib_module_names | {package_name(library).lower() for library in libraries}
    for file in (files.solution, files.starter, *files.mistakes.values()):
        for name, line in _needed(file).items():
            if name in plain or any(name in import_names(library) for library in libraries):
                continue
            todo = "list it under `libraries:`, or delete this import"
            if name in _OF_TENSORFLOW:
                what = f"course.yaml says that no exercise needs {name}"
                todo = "write `tensorflow: true` there, or delete this import"
                warnings.append(Problem(file.file, line, what, todo))
            elif find_spec(name) is not None:
                what = f"the exercise does not list {name}, so learners may not have it"
                warnings.append(Problem(file.file, line, what, todo))
            else:
                todo = "list it under `libraries:` and install it, or delete this import"
                problems.append(Problem(file.file, line, f"{name} is not installed here", todo))
    return problems, warnings


def _needed(file: PythonPlaces) -> dict[str, int]:
    """Return the top-level names of the modules that a file needs, with the lines that import them.

    What is only tried, with another way if it is missing, is not needed.
    """
    found: dict[str, int] = {}
    try:
        waiting: list[ast.AST] = [file.tree]
    except (SyntaxError, ValueError):
        return found
    while waiting:
        node = waiting.pop()
        for module in _modules(node):
            found.setdefault(module, getattr(node, "lineno", 1))
        waiting += [] if isinstance(node, ast.Try) else ast.iter_child_nodes(node)
    return found


def _code(files: ExerciseFiles) -> Iterator[PythonPlaces]:
    yield from (files.solution, files.starter, files.visible, files.hidden)
    yield from files.mistakes.values()


def _imports(file: PythonPlaces) -> set[str]:
    """Return the top-level names of all modules that a file imports anywhere."""
    try:
        nodes = [*ast.walk(file.tree)]
    except (SyntaxError, ValueError):
        return set()
    return {module for node in nodes for module in _modules(node)}


def _modules(node: ast.AST) -> list[str]:
    """Return the top-level names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [(node.module or "").partition(".")[0]]
    return []
