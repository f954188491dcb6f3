"""Course directories: their contents, and errors in their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError, EnvironmentProblem, UnknownIdError


def test_what_is_there(tiny: Path) -> None:
    course = Course(tiny)
    assert (course.lesson_ids, course.quiz_ids, course.exercise_ids) == (["tiny"], ["tiny"], ["exercise-sum"])
    assert course.quiz("tiny").title == "A tiny quiz"
    assert course.exercise("exercise-sum").function("half") is not None


def test_a_directory_that_is_not_a_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is not a course"):
        Course(tmp_path)


@pytest.mark.parametrize("unknown_id", ["tyni", "../quizzes/tiny", "", "TINY", "tiny\0"])
def test_unknown_ids_never_reach_the_disk(tiny: Path, unknown_id: str) -> None:
    with pytest.raises(UnknownIdError):
        Course(tiny).quiz(unknown_id)


def test_an_unknown_id_gets_the_nearest_one(tiny: Path) -> None:
    with pytest.raises(UnknownIdError, match="did you mean tiny"):
        Course(tiny).lesson("tyni")


def test_the_id_must_be_the_files_name(tiny: Path) -> None:
    path = tiny / "quizzes/tiny.yaml"
    path.rename(tiny / "quizzes/big.yaml")
    with pytest.raises(ContentError, match=r"big\.yaml:1: the id is 'tiny' — change it to 'big'"):
        Course(tiny).quiz("big")


def test_a_file_that_is_not_utf8(tiny: Path) -> None:
    (tiny / "quizzes/tiny.yaml").write_bytes(b"id: tiny\ntitle: caf\xe9\n")
    with pytest.raises(CourseError, match=r"tiny\.yaml is not UTF-8"):
        Course(tiny).quiz("tiny")


def test_a_byte_order_mark_does_no_harm(tiny: Path) -> None:
    path = tiny / "quizzes/tiny.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert Course(tiny).quiz("tiny").id == "tiny"


def test_a_file_that_is_far_too_large(tiny: Path) -> None:
    with (tiny / "quizzes/tiny.yaml").open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(CourseError, match="larger than 2 MB"):
        Course(tiny).quiz("tiny")


def test_a_directory_in_place_of_a_file(tiny: Path) -> None:
    (tiny / "quizzes/odd.yaml").mkdir()
    with pytest.raises(CourseError, match="is a directory"):
        Course(tiny).quiz("odd")


def test_a_link_that_leads_nowhere_or_in_circles(tiny: Path) -> None:
    (tiny / "quizzes/odd.yaml").symlink_to("odd.yaml")
    with pytest.raises((CourseError, EnvironmentProblem)):
        Course(tiny).quiz("odd")


def test_the_version_of_an_exercise_follows_its_files(tiny: Path) -> None:
    course = Course(tiny)
    before = course.exercise_version("exercise-sum")
    assert before == course.exercise_version("exercise-sum")
    (tiny / "exercises/exercise-sum/hidden_tests.py").write_text("def test(): ...\n")
    assert course.exercise_version("exercise-sum") != before
