"""Validation names the data files that are missing, not listed, too large, or different in two exercises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.authoring import data_files
from grader.authoring.data_files import can_read_data
from grader.authoring.material import Material
from grader.authoring.references import exercise_problems
from grader.content.course import Course

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "course")


@pytest.fixture
def data(root: Path) -> Path:
    return root / "exercises/exercise-words/data"


def flaws(root: Path) -> list[str]:
    material = Material.of(Course(root))
    found = [problem for each in material.exercises.values() for problem in exercise_problems(material, each)]
    return [f"{Path(problem.file).parent.name}: {problem.what}" for problem in found]


def test_the_example_is_sound(root: Path) -> None:
    assert flaws(root) == []
    assert can_read_data(Course(root), Course(root).exercise("exercise-words"))


def test_a_missing_file_and_one_that_is_not_listed(root: Path, data: Path) -> None:
    (data / "fable.txt").rename(data / "tale.txt")
    assert flaws(root) == [
        "exercise-words: data/fable.txt does not exist",
        "exercise-words: data/tale.txt is not listed",
    ]
    assert not can_read_data(Course(root), Course(root).exercise("exercise-words"))


def test_data_that_is_too_large(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_files, "MAX_BYTES", 100)
    assert flaws(root) == ["exercise-words: the data files have 0.0 MB"]


def test_two_exercises_share_a_file_only_if_it_is_the_same(root: Path, data: Path) -> None:
    other = root / "exercises/exercise-sentences"
    listed = other / "exercise.yaml"
    listed.write_text(f"{listed.read_text()}data: [{{file: fable.txt, about: a fable}}]\n")
    shutil.copytree(data, other / "data")
    (other / "data/rhyme.txt").unlink()
    assert flaws(root) == []
    (other / "data/fable.txt").write_text("another one")
    assert flaws(root) == ["exercise-words: exercise-sentences has another file of the name data/fable.txt"]


def test_a_data_file_is_not_named_like_a_learner_s_file(root: Path, data: Path) -> None:
    listed = root / "exercises/exercise-words/exercise.yaml"
    listed.write_text(listed.read_text().replace("file: fable.txt", "file: exercise_sentences.txt"))
    (data / "fable.txt").rename(data / "exercise_sentences.txt")
    (problem,) = flaws(root)
    assert problem.endswith("data/exercise_sentences.txt is named like a learner's file for an exercise")
