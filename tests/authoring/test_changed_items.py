"""Changed files stand for the parts of the course that are validated again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.authoring.changed_items import named_items, validate_each
from grader.authoring.validation import Validation
from grader.content.course import Course
from grader.content.problem import Problem

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
WORDS = "exercises/exercise-words"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The example in a directory of a repository, with a figure in its lesson."""
    root = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("repository") / "course")
    (root / "lessons/figures").mkdir()
    for name in ("used.svg", "asked.svg", "unused.svg"):
        (root / "lessons/figures" / name).write_text("<svg/>")
    lesson = root / "lessons/day1.yaml"
    figure = "    figures: [{file: used.svg, caption: A, alt: B}]\n"
    before, questions, after = lesson.read_text().partition("    questions: [")
    lesson.write_text(before + figure + questions + after)
    quiz = root / "quizzes/day1.yaml"
    text = quiz.read_text()
    quiz.write_text(text.replace("    kind:", "    figure: {file: asked.svg, alt: B}\n    kind:", 1))
    return Course(root)


@pytest.mark.parametrize(
    ("names", "items"),
    [
        (["day1"], ("day1",)),
        (["nothing"], ("nothing",)),  # `validate` says that there is no such part
        ([f"{WORDS}/solution.py", f"{WORDS}/data/fable.txt", f"{WORDS}/mistakes/first_line_only.py"],
         ("exercise-words",)),
        (["lessons/day1.yaml", "quizzes/day1.yaml", "quizzes/practice/day1.yaml"], ("day1",)),
        ([f"{WORDS}/exercise.yaml", "lessons/day1.yaml"], ("exercise-words", "day1")),
        (["lessons/figures/used.svg"], ("day1",)),
        (["lessons/figures/asked.svg"], ("day1",)),
        (["lessons/figures/unused.svg"], ()),
        (["README.md", "../elsewhere.txt", ".github/workflows/course.yml", "schemas/course.json"], ()),
        (["course.yaml"], None),
        (["README.md", f"{WORDS}/gone.py"], None),
        (["lessons/day9.yaml"], None),
        (["exercises/exercise-9/exercise.yaml"], None),
    ],
)  # fmt: skip
def test_files_stand_for_parts(course: Course, names: list[str], items: tuple[str, ...] | None) -> None:
    """What is gone may be missing in any other part, so the whole course is validated."""
    assert named_items(course, names, course.root) == items


def test_files_are_named_as_seen_from_the_directory(course: Course) -> None:
    place = course.root.parent
    assert named_items(course, ["course/lessons/day1.yaml"], place) == ("day1",)
    assert named_items(course, ["lessons/day1.yaml"], place) == ()
    assert named_items(course, [str(course.root / "lessons/day1.yaml")], place) == ("day1",)


def test_the_results_of_several_parts_are_one(course: Course) -> None:
    def validate(item: str | None) -> Validation:
        problem = Problem("course.yaml", 1, "wrong", "fix it")
        own = Problem(f"{item}.yaml", 2, "wrong", "fix it")
        return Validation(course="c", ok=item == "b", problems=() if item == "b" else (own, problem),
                          exercises=(), seconds=1.0)  # fmt: skip

    found = validate_each(course, ("b", "a", "c"), validate)
    assert (found.ok, found.seconds) == (False, 3.0)
    assert [problem.file for problem in found.problems] == ["a.yaml", "c.yaml", "course.yaml"]
    assert validate_each(course, (), validate).ok
    assert validate_each(course, None, validate).problems[0].file == "None.yaml"
