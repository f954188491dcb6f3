"""The author's own machine: an exercise can be proven only where the libraries of its code are installed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.material import ExerciseFiles
from grader.authoring.places import PythonPlaces
from grader.content.libraries import import_names, install_command, missing, package_name
from grader.content.problem import Problem


def library_problems(files: ExerciseFiles) -> tuple[list[Problem], list[Problem]]:
    """Return (problems, warnings) about libraries that are not installed here.

    A library that the author's code imports is a problem, because nothing can be
    proven without it. Any other library is only untried.
    """
    problems, warnings = [*_tables_without_pandas(files)], []
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


def _code(files: ExerciseFiles) -> Iterator[PythonPlaces]:
    yield from (files.solution, files.starter, files.visible, files.hidden)
    yield from files.mistakes.values()


def _imports(file: PythonPlaces) -> set[str]:
    """Return the top-level names of all modules that a file imports anywhere."""
    try:
        nodes = [*ast.walk(file.tree)]
    except (SyntaxError, ValueError):
        return set()
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {module.partition(".")[0] for module in modules}
