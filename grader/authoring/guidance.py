"""Checks that a learner has something to look at after any failed test.

A test needs hints of its own in exercise.yaml. Without them, each of its assertions
needs a message that says what is wrong, and its function needs hints or a section.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.authoring.material import ExerciseFiles
from grader.authoring.places import PythonPlaces
from grader.content.base import Finding
from grader.content.problem import Problem


def guidance_problems(files: ExerciseFiles) -> list[Problem]:
    """Return a problem for each test without guidance, and for each entry of `tests:` without a test."""
    exercise = files.exercise
    guided = {f.name for f in exercise.functions if f.hints or f.section}
    tests = [(file, name) for file in (files.visible, files.hidden) for name in file.tests]
    problems = [
        file.problem(name, f"{name}: after it fails, a learner has nothing to look at", todo)
        for file, name in tests
        if name not in exercise.tests and (todo := _missing(file, name, guided))
    ]
    names = [name for _, name in tests]
    for name in exercise.tests:
        if name not in names:
            path, what, todo = Finding.unknown(("tests",), name, names)
            problems.append(files.yaml.problem(path, what, todo, holding=f"{name}:"))
    return problems


def _missing(file: PythonPlaces, name: str, guided: set[str]) -> str:
    """Return what an author can do about a test without hints of its own; empty if nothing is missing."""
    if any(_without_message(file.tests[name])):
        return "add hints under `tests:` in exercise.yaml, or give each of its assertions a message"
    function = file.function_of(name)
    if function not in guided:
        return f"add hints under `tests:` in exercise.yaml, or hints or a section to {function}"
    return ""


def _without_message(test: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the assertions that fail without a message of their own."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert) and node.msg is None:
            yield node
        # learners do not see the messages of numpy.testing, because these contain the data
        if isinstance(node, ast.Attribute) and node.attr == "testing":
            yield node
