"""Data files of an exercise: plain names, no links, and a bounded size."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from judging import write_exercise

from grader.content import data_files
from grader.content.course import Course
from grader.content.data_files import DataFile, data_findings, may_read
from grader.content.decode import decode
from grader.content.problem import ContentError
from grader.errors import CourseError

FILE = "file: story.txt\nabout: a story\n"
DATA = "data: [{file: story.txt, about: a story}]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course whose exercise has a data file."""
    root = tmp_path / "course"
    write_exercise(root, {"f()": {"y": "int"}}, "SECRET", "", "")
    directory = root / "exercises/exercise-x"
    with (directory / "exercise.yaml").open("a") as file:
        file.write(DATA)
    (directory / "data").mkdir()
    (directory / "data/story.txt").write_bytes(b"Once\n")
    return root


def contents(root: Path) -> dict[str, bytes]:
    course = Course(root)
    return dict(course.data(course.exercise("exercise-x")))


def test_a_data_file_has_the_path_that_learner_code_opens(root: Path) -> None:
    assert contents(root) == {"data/story.txt": b"Once\n"}
    course = Course(root)
    assert course.exercise("exercise-x").full_text == (
        "Words.\n\nYour code can read these files:\n\n- `data/story.txt`: a story"
    )


def test_a_changed_data_file_is_another_version_of_the_exercise(root: Path) -> None:
    before = Course(root).exercise_version("exercise-x")
    (root / "exercises/exercise-x/data/.DS_Store").write_bytes(b"of a file manager")
    assert Course(root).exercise_version("exercise-x") == before
    (root / "exercises/exercise-x/data/story.txt").write_bytes(b"Twice\n")
    assert Course(root).exercise_version("exercise-x") != before


@pytest.mark.parametrize(
    "name",
    [
        *("../hidden_tests.py", "a/../../solution.py", "/etc/passwd", "./story.txt", "a//b.txt", "a/"),
        *("..", ".hidden", "a\\\\..\\\\b.txt", "C:story.txt", "a b.txt", "é.txt", "a\\nb.txt", "x" * 101),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    """Attack: the declaration names a hidden file."""
    with pytest.raises(ContentError, match="is not a plain path below data/"):
        decode(FILE.replace("story.txt", f'"{name}"'), "x.yaml", DataFile)


@pytest.mark.parametrize("name", ["solution.py", "x.ipynb", "tools/X.PY"])
def test_code_is_not_data(name: str) -> None:
    """A learner's directory with such a file would have two files of code."""
    with pytest.raises(ContentError, match="holds code"):
        decode(FILE.replace("story.txt", name), "x.yaml", DataFile)


def test_a_file_in_a_directory_is_a_plain_name() -> None:
    assert decode(FILE.replace("story.txt", "texts/story-1.txt"), "x.yaml", DataFile).path == (
        "data/texts/story-1.txt"
    )


def test_findings_about_the_list() -> None:
    twice = [DataFile(file=name, about="x") for name in ("a.txt", "A.txt")]
    assert [finding.what for finding in data_findings(twice)] == ["A.txt is listed twice"]
    many = [DataFile(file=f"{n}.txt", about="x") for n in range(21)]
    assert [finding.what for finding in data_findings(many)] == ["there are more than 20 data files"]
    assert may_read([]) == ""


def _link(root: Path, target: str, name: str = "data/story.txt") -> None:
    path = root / "exercises/exercise-x" / name
    path.unlink()
    path.symlink_to(target)


def _directory(root: Path) -> None:
    data = root / "exercises/exercise-x/data"
    data.rename(data.with_name("mistakes"))
    data.symlink_to("mistakes")


LINKS: dict[str, Callable[[Path], None]] = {
    "to hidden tests": lambda root: _link(root, "../hidden_tests.py"),
    "absolute": lambda root: _link(root, str(root.absolute() / "exercises/exercise-x/solution.py")),
    "of the directory": _directory,
}


@pytest.mark.parametrize("make", LINKS.values(), ids=LINKS)
def test_a_link_to_another_part_of_the_course_is_refused(root: Path, make: Callable[[Path], None]) -> None:
    """Attack: data/story.txt leads to the hidden tests, and learners get them. Every road reads this way."""
    make(root)
    with pytest.raises(CourseError, match="is a link to another part of the course"):
        contents(root)


def test_a_missing_file_a_directory_and_a_large_file_are_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "exercises/exercise-x/data/story.txt"
    monkeypatch.setattr(data_files, "MAX_BYTES", 4)
    with pytest.raises(CourseError, match=re.escape("larger than")):
        contents(root)
    path.unlink()
    with pytest.raises(CourseError, match="does not exist — put the file there"):
        contents(root)
    path.mkdir()
    with pytest.raises(CourseError, match="is not a file"):
        contents(root)
