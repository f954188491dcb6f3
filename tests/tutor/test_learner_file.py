"""The file that is checked without naming one, and the modules that come with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import SOLUTION, STARTER, SoundCourse

from grader.content.course import Course
from grader.tutor.learner_file import LearnerFile, has_learner_file, learner_file


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_modules_beside_the_file_come_with_it(course: Course, here: Path) -> None:
    (here / "exercise_x.py").write_text(f"from tools import double\n{SOLUTION}")
    (here / "tools.py").write_text("import more.deep\n")
    (here / "more").mkdir()
    (here / "more" / "deep.py").write_text("x = 1\n")
    (here / "unused.py").write_text("x = 1\n")
    for file in (learner_file(course, "exercise-x"), LearnerFile(here / "exercise_x.py")):
        assert [each.path for each in file.submission().files] == ["tools.py", "more/deep.py"]


def test_a_file_that_the_notebook_imports_is_not_another_candidate(course: Course, here: Path) -> None:
    (here / "exercise_x.py").write_text(SOLUTION)
    (here / "exercise_x.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": "from exercise_x import *"}]}'
    )
    found = learner_file(course, "exercise-x")
    assert (found.path.name, found.notes) == ("exercise_x.ipynb", ())
    assert [each.path for each in found.submission().files] == ["exercise_x.py"]


def test_the_starter_alone_is_checked(course: Course, here: Path) -> None:
    assert not has_learner_file("exercise-x")
    (here / "exercise_x.py").write_text(STARTER)
    assert has_learner_file("exercise-x")
    assert learner_file(course, "exercise-x").path.name == "exercise_x.py"
    (here / "exercise-x (3).py").write_text(SOLUTION)
    assert learner_file(course, "exercise-x").path.name == "exercise-x (3).py"


def test_of_copies_the_highest_number_counts(course: Course, here: Path) -> None:
    for number in (1, 2, 10):
        (here / f"exercise_x ({number}).py").write_text(f"{SOLUTION}# {number}\nx = {number}\n")
    found = learner_file(course, "exercise-x")
    assert found.path.name == "exercise_x (10).py"
    assert [note.partition(" is here too")[0] for note in found.notes] == [
        "exercise_x (2).py",
        "exercise_x (1).py",
    ]
    assert found.notes[0].endswith('To check the other: course check exercise-x "exercise_x (2).py"')


def test_of_very_many_files_a_few_are_read(course: Course, here: Path) -> None:
    for number in range(30):
        (here / f"exercise_x ({number}).py").write_text(f"x = {number}\n")
    notes = learner_file(course, "exercise-x").notes
    assert len(notes) == 4
    assert notes[-1] == "exercise_x (29).py was checked. 26 more files of this name could not be compared."
