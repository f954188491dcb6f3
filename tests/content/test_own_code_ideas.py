"""The misconceptions that questions about learners' own code name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.content.course import Course

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.glob("exercises/*/own_code.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_each_misconception_is_one_of_the_lesson(path: Path) -> None:
    course = Course(ROOT)
    lesson = course.lesson(course.exercise(path.parent.name).lesson)
    wrong = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Wrong"
    ]
    named = {ast.literal_eval(node.args[2]) for node in wrong if len(node.args) > 2}
    assert named <= {each.id for each in lesson.misconceptions}
