"""Slips of authors that no other proof would notice."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.material import ExerciseFiles
from grader.authoring.places import PythonPlaces, YamlPlaces
from grader.content.base import Finding
from grader.content.course import COURSE_FILE, Course
from grader.content.notebook_cells import FIXTURES
from grader.content.problem import Problem

_SUBMISSIONS = frozenset({"learner", "reference"})
_FOREIGN = re.compile(r"(numpy\.testing|unittest)(\.(?!mock\b)|$)")


def course_slips(course: Course) -> list[Problem]:
    """Return the slips that concern the files of a course, without reading them."""
    problems = [*_misnamed(course.root), *_lessons(course)]
    ids = (*course.lesson_ids, *course.quiz_ids, *course.practice_ids, *course.exercise_ids)
    if not ids and not problems:
        todo = "start a lesson: course new lesson"
        problems.append(Problem(str(course.root), 1, "the course is empty", todo))
    return problems


def exercise_slips(files: ExerciseFiles) -> list[Problem]:
    """Return the slips in the Python files of an exercise, which Python must be able to parse."""
    return [
        *_signatures(files),
        *_fixtures(files.visible),
        *_calling_fixtures(files),
        *_raises(files),
        *_foreign(files),
        *_replaced(files),
        *_unseeded(files),
    ]


def _misnamed(root: Path) -> Iterator[Problem]:
    """Yield the YAML files whose names do not end in .yaml."""
    for pattern in ("*", "lessons/*", "quizzes/*", "quizzes/practice/*", "exercises/*", "exercises/*/*"):
        for path in sorted(root.glob(pattern)):
            stem, dot, ending = path.name.lower().partition(".")
            if path.is_file() and stem and ending.split(".")[0] in ("yml", "yaml") and path.suffix != ".yaml":
                right = f"{path.name.partition(dot)[0]}.yaml"
                yield Problem(
                    str(path), 1, "the name does not end in .yaml, so nobody reads it", f"call it {right}"
                )


def _lessons(course: Course) -> Iterator[Problem]:
    """Yield the lessons that course.yaml lists and that do not exist."""
    for index, lesson in enumerate(course.about.lessons):
        if lesson not in course.lesson_ids:
            finding = Finding.unknown(("lessons", index), lesson, course.lesson_ids)
            yield YamlPlaces(course.root / COURSE_FILE).problem(*finding)


def _signatures(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the functions whose parameters are not those that exercise.yaml promises."""
    for function in files.exercise.functions:
        promised = _parameters(function.definition)
        for source in (files.starter, files.solution):
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and node.name == function.name:
                    found = _parameters(node)
                    if found != promised:
                        yield source.problem(
                            function.name,
                            f"{function.name}({found}) differs from the signature in exercise.yaml, "
                            f"{function.name}({promised})",
                            "write the same parameters and defaults in both",
                        )


def _parameters(node: ast.FunctionDef) -> str:
    """Return the parameters of a function without annotations."""
    arguments = copy.deepcopy(node.args)
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(arguments)


def _fixtures(visible: PythonPlaces) -> Iterator[Problem]:
    """Yield the visible tests that take something which notebooks do not have."""
    for name, test in visible.tests.items():
        lacking = sorted(_taken(test) - {*FIXTURES} - _parametrized(test))
        if lacking:
            yield visible.problem(
                name,
                f"this visible test takes {', '.join(lacking)}, which a released notebook does not have",
                f"take only {' and '.join(FIXTURES)}, or move it to hidden_tests.py",
            )


def _taken(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}


def _parametrized(test: ast.FunctionDef) -> set[str]:
    """Return the parameters that `pytest.mark.parametrize` gives to a test."""
    names: set[str] = set()
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("parametrize") and mark.args:
            try:
                given = ast.literal_eval(mark.args[0])
            except ValueError:  # a name, for example
                continue
            parts = given.split(",") if isinstance(given, str) else given
            names |= {part.strip() for part in parts}
    return names


def _calling_fixtures(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the fixtures that take a submission. What its code raises there belongs to no test."""
    for file in (files.visible, files.hidden):
        for node in file.tree.body:
            if isinstance(node, ast.FunctionDef) and any(map(_is_fixture, node.decorator_list)):
                for name in sorted(_taken(node) & _SUBMISSIONS):
                    yield Problem(
                        file.file,
                        node.lineno,
                        f"the fixture {node.name} takes `{name}`, which only tests may call",
                        f"make it a function with the parameter `{name}`, and call it in the test",
                    )


def _is_fixture(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called) in ("pytest.fixture", "fixture")


def _raises(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the tests that wait for an error in a way that never sees the one of a learner's function."""
    for file in (files.visible, files.hidden):
        for name, test in file.tests.items():
            if any(
                isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.raises"
                for node in ast.walk(test)
            ):
                yield file.problem(
                    name,
                    f"{name}: pytest.raises does not see what a learner's function raises",
                    'write `with learner.raises(ValueError, "for n = 0"):` instead',
                )


def _foreign(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the first assertion of numpy or unittest in each file, whose texts learners do not see."""
    for file in (files.visible, files.hidden):
        lines = dict(_foreign_names(file.tree))
        if lines:
            line = min(lines)
            yield Problem(
                file.file,
                line,
                f"{lines[line]} says in its own words what differs, which learners cannot read",
                'write `assert_allclose(got, expected, "The means are not right")` of grader.testing, '
                'or `assert condition, "message"`',
            )


def _foreign_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each line that takes something from numpy.testing or unittest, with what it takes."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name("np" | "numpy"), attr="testing")):
                yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(module=str(module)) if _FOREIGN.match(module):
                yield node.lineno, module
            case ast.Import(names=[ast.alias(name=module), *_]) if _FOREIGN.match(module):
                yield node.lineno, module


def _replaced(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the tests that a later definition of the same name replaces, so that they never run."""
    for file in (files.visible, files.hidden):
        last: dict[str, ast.stmt] = {}
        for node in file.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                earlier = last.get(node.name)
                if earlier is not None and node.name.startswith("test"):
                    yield Problem(
                        file.file,
                        node.lineno,
                        f"{node.name} replaces the test of the same name in line {earlier.lineno}, "
                        "which never runs",
                        "give each test its own name",
                    )
                last[node.name] = node


def _unseeded(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield the tests that draw numbers which do not depend on the seed."""
    for file in (files.visible, files.hidden):
        for name, test in file.tests.items():
            calls = (node for node in ast.walk(test) if isinstance(node, ast.Call))
            if drawn := next((ast.unparse(call.func) for call in calls if _draws(call)), None):
                what = f"{name}: {drawn} draws other numbers in every run, so no failure can be repeated"
                yield file.problem(name, what, "draw with rng, which the seed decides")


def _draws(call: ast.Call) -> bool:
    """Return True if a call draws from a generator that no seed decides. One with a seed is fine."""
    module, _, name = ast.unparse(call.func).rpartition(".")
    if module in ("np.random", "numpy.random"):
        return (
            name.islower() and name != "seed" and (name != "default_rng" or not (call.args or call.keywords))
        )
    return module == "random" and name.islower() and name != "seed"
