"""`grader/` is about any course: it speaks of the bundled one only in the examples of help texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GRADER = Path(__file__).parents[1] / "grader"
OF_THE_COURSE = re.compile(r"day[ _-]?4|lstm|rnn", re.IGNORECASE)
KERAS = re.compile(r"(?:CuDNN|Conv)?LSTM(?:2D)?|SimpleRNN|(?:dynamic_|static_|bidirectional_dynamic_)?rnn")
ABOUT_KERAS = (
    "judge/models/",
    "judge/server/old_names.py",
    "judge/worker/warm_up.py",
    "authoring/mutant_tables.py",
)
ABOUT_CELLS = (  # kinds of simulations, for any course with recurrent networks
    "content/simulations.py",
    "content/simulation_descriptions.py",
    "web/simulations.py",
    "web/static/simulations/",
    "web/templates/simulations/",
)
FILES = [
    path for path in sorted(GRADER.rglob("*")) if path.suffix in (".py", ".js", ".css", ".html", ".json")
]


def help_lines(source: str) -> set[int]:
    """Return the numbers of the lines in docstrings of commands."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.decorator_list and ast.get_docstring(node):
            lines.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines


def found_in(name: str, source: str) -> Iterator[str]:
    """Yield the lines that speak of the bundled course."""
    if name.startswith(ABOUT_CELLS):
        source = re.sub(r"(?i)lstm|simple ?rnn|rnn weights", "", source)
    elif name.startswith(ABOUT_KERAS):
        source = KERAS.sub("", source)
    allowed = help_lines(source) if name.startswith("cli/") else set()
    for number, line in enumerate(source.splitlines(), 1):
        if OF_THE_COURSE.search(line) and number not in allowed:
            yield f"{name}:{number}: {line.strip()}"


def test_nothing_is_named_after_the_bundled_course() -> None:
    texts = {path.relative_to(GRADER).as_posix(): path.read_text("utf-8") for path in FILES}
    assert not [line for name, text in texts.items() for line in found_in(name, text)]
    assert not [name for name in texts if OF_THE_COURSE.search(name)]


@pytest.mark.parametrize(
    ("name", "source", "count"),
    [
        (
            "cli/quiz.py",
            '@command\ndef quiz():\n    """Take a quiz: course quiz day4."""\n    x = "day4"\n',
            1,
        ),
        ("tutor/path.py", 'def f():\n    """Of `exercise-lstm`."""\n', 1),
        ("judge/models/sizes.py", 'GATES = {"LSTM": 4}\n', 0),
        ("judge/models/sizes.py", 'LESSON = "day-4"\n', 1),
    ],
)
def test_what_counts_as_an_example(name: str, source: str, count: int) -> None:
    assert len([*found_in(name, source)]) == count
