"""Notebooks that were submitted under another name, graded by the real `nbgrader autograde`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbgrader_commands import said_by, start
from sound_course import SOLUTION, SoundCourse

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only"),
]
FULL = {"exercise-x": 4.0, "tiny": 0.0}


def solved(notebook: Any) -> Any:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = SOLUTION
    return notebook


def without_metadata(notebook: Any) -> Any:
    """Return the notebook as some online editors save it."""
    cells = [cell | {"metadata": {}} for cell in notebook["cells"]]
    return notebook | {"cells": cells, "metadata": {}}


# learner -> file -> change of the released exercise
HANDED_IN: dict[str, dict[str, Callable[[Any], Any]]] = {
    "browser": {"exercise-x (1).ipynb": solved},
    "own": {"my homework.ipynb": solved},
    "plain": {"Exercise_X.ipynb": lambda n: without_metadata(solved(n))},
    "right": {"exercise-x.ipynb": solved, "exercise-x (1).ipynb": lambda n: n},
    "several": {"exercise-x (1).ipynb": lambda n: n, "exercise-x (2).ipynb": solved, "notes.ipynb": str},
    "broken": {"exercise-x (1).ipynb": lambda n: "{"},
}


@pytest.fixture(scope="module")
def place(nbgrader_course: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instructor's directory with the class graded and the feedback written."""
    nbgrader, home = nbgrader_course.nbgrader, tmp_path_factory.mktemp("names")
    sound = SoundCourse(home / "course")
    build = ("course", "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "class")
    said_by(start(home, home, *build))
    directory = home / "class"
    nbgrader(home, directory, "generate_assignment", "tiny")
    released = (directory / "release" / "tiny" / "exercise-x.ipynb").read_text()
    for learner, files in HANDED_IN.items():
        folder = directory / "submitted" / learner / "tiny"
        folder.mkdir(parents=True)
        for name, change in files.items():
            changed = change(json.loads(released))
            (folder / name).write_text(changed if isinstance(changed, str) else json.dumps(changed))
    before = {path: path.read_bytes() for path in directory.glob("submitted/*/*/*")}
    said = nbgrader(home, directory, "autograde", "tiny")
    (directory / "said.txt").write_text(said)
    assert {path: path.read_bytes() for path in directory.glob("submitted/*/*/*")} == before
    nbgrader(home, directory, "generate_feedback", "tiny")
    return directory


def asked_for_grades(place: Path, *options: str) -> str:
    """Run the command in this process, because importing nbgrader takes seconds."""
    from grader.cli.nbgrader import grades

    return CliRunner().invoke(grades, ["tiny", "--course-dir", str(place), *options]).stdout


def grades(place: Path) -> dict[str, Any]:
    [assignment] = json.loads(asked_for_grades(place, "--json"))["assignments"]
    return {result["learner"]["id"]: result for result in assignment["results"]}


def test_each_gets_the_score_of_the_notebook_that_the_file_holds(place: Path) -> None:
    found = {
        learner: {each["item"]: (each["status"], each["score"]) for each in result["scores"]}["exercise-x"]
        for learner, result in grades(place).items()
    }
    full = dict.fromkeys(HANDED_IN, ("graded", 4.0))
    assert found == full | {"broken": ("graded", 0.0)}


def test_the_grades_name_the_files(place: Path) -> None:
    names = {learner: result["other_names"] for learner, result in grades(place).items()}
    assert names == {
        "browser": {"exercise-x": "exercise-x (1).ipynb"},
        "own": {"exercise-x": "my homework.ipynb"},
        "plain": {"exercise-x": "Exercise_X.ipynb"},
        "right": {},
        "several": {"exercise-x": "exercise-x (2).ipynb"},
        "broken": {"exercise-x": "exercise-x (1).ipynb"},
    }
    table = asked_for_grades(place)
    assert "Submitted under another name" in table and "own (my homework.ipynb)" in " ".join(table.split())


def test_what_was_graded_is_told_in_the_log_and_in_the_feedback(place: Path) -> None:
    notes = {
        "own": "my homework.ipynb was graded as exercise-x.ipynb.",
        "right": "Only exercise-x.ipynb was graded. exercise-x (1).ipynb also holds the same notebook.",
        "several": "exercise-x (1).ipynb also holds the same notebook and did not count.",
        "broken": "exercise-x (1).ipynb was graded as exercise-x.ipynb.",
    }
    said = (place / "said.txt").read_text()
    for learner, note in notes.items():
        assert note in said
        assert note in (place / "feedback" / learner / "tiny" / "exercise-x.html").read_text()
    page = (place / "feedback" / "broken" / "tiny" / "exercise-x.html").read_text()
    assert "cannot be read as a notebook: it is not JSON" in page


def test_one_notebook_alone_can_be_graded(nbgrader_course: Any, place: Path) -> None:
    options = ("--student", "own", "--notebook", "exercise-x", "--force")
    graded = place / "autograded" / "own" / "tiny" / "exercise-x.ipynb"
    graded.unlink()
    nbgrader_course.nbgrader(place.parent, place, "autograde", "tiny", "--student", "own", "--force")
    assert graded.is_file()
    (place / "submitted" / "own" / "tiny" / "exercise-x.ipynb").write_text("{}")
    said = nbgrader_course.nbgrader(place.parent, place, "autograde", "tiny", *options)
    assert "Only exercise-x.ipynb was graded." in said
    (place / "submitted" / "own" / "tiny" / "exercise-x.ipynb").unlink()
