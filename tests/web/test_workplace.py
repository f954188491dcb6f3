"""The learner's file: what the page shows is what the terminal checks, and nothing newer is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_course import STARTER, SoundCourse

from grader.content.course import Course
from grader.errors import CourseError
from grader.tutor.learner_file import learner_file
from grader.web.workplace import NOT_YET, Conflict, current_digest, open_file, save

ID = "exercise-x"


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("sound")).root)


def test_before_the_first_save_there_is_the_starter_and_no_file(course: Course, tmp_path: Path) -> None:
    file = open_file(course, ID, tmp_path)
    assert (file.text, file.digest, [*tmp_path.iterdir()]) == (STARTER, NOT_YET, [])
    saved = save(course, ID, tmp_path, "x = 1\r\n", NOT_YET)
    assert saved.path == tmp_path / "exercise_x.py" == learner_file(course, ID, tmp_path).path
    assert saved.path.read_bytes() == b"x = 1\n"
    assert [*tmp_path.iterdir()] == [saved.path]
    assert open_file(course, ID, tmp_path) == saved


def test_a_newer_file_is_never_overwritten(course: Course, tmp_path: Path) -> None:
    mine = save(course, ID, tmp_path, "x = 1\n", NOT_YET)
    mine.path.write_text("x = 2\n")
    with pytest.raises(Conflict, match=r"exercise_x\.py has changed on the disk"):
        save(course, ID, tmp_path, "x = 3\n", mine.digest)
    assert mine.path.read_text() == "x = 2\n"
    save(course, ID, tmp_path, "x = 3\n", current_digest(course, ID, tmp_path))
    assert mine.path.read_text() == "x = 3\n"


def test_a_file_that_appeared_meanwhile_is_a_conflict(course: Course, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text("x = 2\n")
    with pytest.raises(Conflict):
        save(course, ID, tmp_path, "x = 3\n", NOT_YET)


def test_the_same_text_is_no_conflict(course: Course, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text("x = 2\n")
    assert save(course, ID, tmp_path, "x = 2\r\n", "an old one").digest == current_digest(
        course, ID, tmp_path
    )


def test_line_ends_and_permissions_of_a_file_are_kept(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "exercise_x.py"
    path.write_bytes(b"x = 1\r\ny = 2\r\n")
    path.chmod(0o600)
    file = open_file(course, ID, tmp_path)
    assert file.text == "x = 1\ny = 2\n"
    save(course, ID, tmp_path, file.text + "z = 3\n", file.digest)
    assert path.read_bytes() == b"x = 1\r\ny = 2\r\nz = 3\r\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("exercise_x.ipynb", b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}', "is a notebook"),
        ("exercise_x.py", "# é\nx = 1\n".encode("latin-1"), "is not UTF-8"),
        ("exercise_x.py", b"x = '\x1b'\n", "holds characters"),
    ],
)
def test_what_a_page_cannot_edit_is_checked_but_not_changed(
    course: Course, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(content)
    file = open_file(course, ID, tmp_path)
    assert problem in file.problem
    with pytest.raises(CourseError, match=problem):
        save(course, ID, tmp_path, "x = 2\n", file.digest)
    assert (tmp_path / name).read_bytes() == content


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\0")))
def test_a_text_comes_back_as_it_was_saved(
    course: Course, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    here = tmp_path_factory.mktemp("here")
    path = save(course, ID, here, text.replace("\n", "\r\n"), NOT_YET).path
    assert path.read_bytes().decode() == text
