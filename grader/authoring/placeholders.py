"""Placeholders of templates that an author has not replaced yet: texts that begin with TODO."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from grader.authoring.material import ExerciseFiles
from grader.authoring.places import parse
from grader.content.course import COURSE_FILE, Course
from grader.content.problem import Problem
from grader.content.yaml_core import compose, line_of, read_text
from grader.errors import CourseError

_BEGINS = re.compile(r"TODO\b")
_BREAK = "\n"
LINES = 8  # most line numbers that are shown for a file with placeholders
_UNWRITTEN = "this is still to be written: "
_FILES = (
    COURSE_FILE,
    "lessons/*.yaml",
    "quizzes/*.yaml",
    "quizzes/practice/*.yaml",
    "exercises/*/*.yaml",
    "exercises/*/*.py",
    "exercises/*/mistakes/*.py",
)


def course_placeholders(course: Course) -> Iterator[Problem]:
    """Yield a problem for each placeholder in the course's files. Files that cannot be read have none."""
    for pattern in _FILES:
        for path in sorted(course.root.glob(pattern)):
            try:
                yield from placeholders(read_text(path), path)
            except CourseError:
                continue  # whoever decodes the file reports it


@lru_cache(500)  # of what is read again at each save, most has not changed
def placeholders(source: str, path: Path) -> tuple[Problem, ...]:
    """Return a problem for each placeholder in a YAML or Python file.

    Comments are the author's own notes and do not count. Raises ContentError if it is not valid YAML.
    """
    found = _python(source) if path.suffix == ".py" else _yaml(compose(source, str(path)))
    rows, problems = source.split("\n"), []
    for first, text in found:
        line = next((n for n in range(first, len(rows) + 1) if "TODO" in rows[n - 1]), first)
        what = f"{_UNWRITTEN}{text.split(_BREAK)[0]}"
        problems.append(Problem(str(path), line, what, "replace it"))
    return tuple(problems)


def is_placeholder(problem: Problem) -> bool:
    """Return True if a problem is a placeholder that an author has not replaced yet."""
    return problem.what.startswith(_UNWRITTEN)


def folded(problems: Iterable[Problem]) -> list[Problem]:
    """Return what is broken, then the placeholders: if a file has several, as one problem."""
    broken: list[Problem] = []
    left: dict[str, list[Problem]] = {}
    for problem in problems:
        if is_placeholder(problem):
            left.setdefault(problem.file, []).append(problem)
        else:
            broken.append(problem)
    return [*broken, *(_all_of(file, each) if len(each) > 1 else each[0] for file, each in left.items())]


def _all_of(file: str, problems: Sequence[Problem]) -> Problem:
    lines = sorted({problem.line for problem in problems})
    shown = ", ".join(map(str, lines[:LINES])) + (" …" if len(lines) > LINES else "")
    where = f"line{'s' * (len(lines) > 1)} {shown}"
    return Problem(file, lines[0], f"{len(problems)} placeholders, in {where}", "replace them")


def _yaml(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each scalar that begins with TODO."""
    if isinstance(node, yaml.ScalarNode):
        if _BEGINS.match(text := node.value.strip()):
            yield line_of(node), text
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _yaml(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _yaml(value)


def _python(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string that begins with TODO."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(value)) if _BEGINS.match(text := value.strip()):
                yield node.lineno, text


def unwritten(files: ExerciseFiles) -> Iterator[Problem]:
    """Yield a problem for each placeholder in the files without which an exercise cannot be judged."""
    for file in (files.starter, files.solution, files.visible, files.hidden):
        yield from placeholders(file.source, Path(file.file))
