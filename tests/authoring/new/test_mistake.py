"""A wrong program becomes a known mistake: only its wrong function, tried on its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sound_course import SOLUTION, SoundCourse

from grader.authoring.new.mistake import (
    NewMistake,
    WrongFunction,
    different_functions,
    failures,
    new_mistake,
    source_of,
    tried,
)
from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError
from grader.judge.client.pool import JudgePool
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

HELPED = """
import os
import numpy as np

SHIFT = 1

def _shifted(x):
    return np.asarray(x) + SHIFT

def scaled(x, factor=2):
    return _shifted(x) * factor

def first(x):
    return float(np.asarray(x)[0])
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("sound")).root)


@pytest.fixture(scope="module")
def judges() -> Iterator[JudgePool]:
    with JudgePool() as judges:
        yield judges


def found(course: Course, source: str) -> list[WrongFunction]:
    return different_functions(source, "wrong.py", SOLUTION, course.exercise("exercise-x"))


def test_only_what_differs_is_kept_with_all_that_it_needs(course: Course) -> None:
    [wrong] = found(course, HELPED)
    assert wrong.function == "scaled"
    assert wrong.source == (
        "import numpy as np\n\n\nSHIFT = 1\n\n\ndef _shifted(x):\n    return np.asarray(x) + SHIFT\n\n\n"
        "def scaled(x, factor=2):\n    return _shifted(x) * factor\n"
    )


def test_the_solution_has_no_wrong_function(course: Course) -> None:
    assert found(course, f"# in other words\n{SOLUTION}") == []


def test_code_that_python_cannot_parse_is_named_with_its_line(course: Course) -> None:
    with pytest.raises(ContentError, match=r"wrong.py:2: Python cannot parse it"):
        found(course, "x = 1\ndef first(x:\n")


def test_a_notebook_may_have_cells_that_are_not_python() -> None:
    cells = tuple(
        Cell(name, source) for name, source in (("a", "%pip install x"), ("b", "y = 1"), ("c", "z = 2"))
    )
    assert source_of(Submission("n.ipynb", cells)) == "y = 1\n\nz = 2"


def judged(judges: JudgePool, course: Course, source: str) -> WrongFunction:
    [wrong] = found(course, source)
    return tried(judges, course, course.exercise("exercise-x"), SOLUTION, wrong)


def test_a_wrong_function_is_tried_beside_the_solution(judges: JudgePool, course: Course) -> None:
    wrong = judged(judges, course, "def first(x):\n    return float(scaled(x, 1)[-1])\n")
    assert wrong.fails and not wrong.named
    assert [*failures(wrong.reports[0])] == [
        ("The first number is returned. (hidden)", ["That is not the first number"])
    ]


def test_a_known_mistake_and_a_right_function_are_noticed(judges: JudgePool, course: Course) -> None:
    known = judged(judges, course, "def first(x):\n    return float([*x][1])\n")
    assert known.fails and known.named == ("second-one",)
    assert not judged(judges, course, "def first(x):\n    return float([*x][0])\n").fails


def test_code_that_stops_is_told(judges: JudgePool, course: Course) -> None:
    with pytest.raises(CourseError, match=r"first cannot be judged alone: .*ZeroDivisionError"):
        judged(judges, course, "START = 1 / 0\ndef first(x):\n    return x[START]\n")


def test_a_new_wrong_idea_goes_into_the_lesson(course: Course) -> None:
    [wrong] = found(course, "def first(x):\n    return x[-1]\n")
    exercise, lesson = course.exercise("exercise-x"), course.lesson("tiny")
    said = NewMistake(id="last-one", misconception="from-the-end", concept="numbers", says="Which end?")
    files = new_mistake(course, exercise, lesson, wrong, said)
    assert [*files.created] == ["exercises/exercise-x/mistakes/last_one.py"]
    assert (
        "  - id: last-one\n    function: first\n    misconception: from-the-end\n    says: Which end?\n"
        in (files.changed["exercises/exercise-x/exercise.yaml"])
    )
    assert "  - id: from-the-end\n    concept: numbers\n" in files.changed["lessons/tiny.yaml"]
    known = NewMistake(id="last-one", misconception="off-by-one")
    files = new_mistake(course, exercise, lesson, wrong, known)
    assert [*files.changed] == ["exercises/exercise-x/exercise.yaml"]
    assert files.created["exercises/exercise-x/mistakes/last_one.py"].startswith(
        '"""Counting starts at two."""\n'
    )
