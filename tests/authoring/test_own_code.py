"""What validation says of an exercise's `own_code.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_course import OWN_CODE, write_own_course

from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.own_code import own_code_problems
from grader.content.course import Course
from grader.content.problem import ContentError, Problem
from grader.judge.client.pool import JudgePool


@pytest.fixture(scope="module")
def judges() -> Iterator[JudgePool]:
    with JudgePool() as pool:
        yield pool


def problems(judges: JudgePool, root: Path, source: str) -> list[Problem]:
    course = Course(write_own_course(root))
    (root / "exercises/exercise-sum/own_code.py").write_text(source)
    material = Material.of(course)
    files = ExerciseFiles(material, material.exercises["exercise-sum"])
    return [*own_code_problems(judges, course, files)]


def test_calls_that_lead_to_questions_are_fine(judges: JudgePool, tmp_path: Path) -> None:
    assert problems(judges, tmp_path, OWN_CODE) == []


def test_a_function_without_a_question_is_a_problem(judges: JudgePool, tmp_path: Path) -> None:
    (problem,) = problems(
        judges, tmp_path, OWN_CODE.replace('"half": lambda rng: (rng.randrange(1, 99),)', "")
    )
    assert problem.what == "no question can be made about the solution's half"


def test_a_file_that_fails_is_a_problem_with_its_line(judges: JudgePool, tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        problems(judges, tmp_path, "CALLS = {}\nCALLS['add'] = nothing\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.what) == (2, "NameError: name 'nothing' is not defined")


def test_calls_of_an_unknown_function_are_a_problem(judges: JudgePool, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="the exercise has no function sub"):
        problems(judges, tmp_path, 'CALLS = {"sub": lambda rng: (1, 2)}\n')
