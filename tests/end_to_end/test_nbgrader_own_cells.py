"""An instructor's own cells: beside the course's, and as plain nbgrader grades the same notebooks."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader_class import text_of
from nbgrader_commands import said_by, start
from sound_course import SoundCourse

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only"),
]
PLAIN_CONFIG = "c = get_config()\nc.OverwriteCells.add_missing_cells = True\n"


def cell(grade_id: str, source: str, kind: str = "code", **about: Any) -> dict[str, Any]:
    """Return a cell as Jupyter's "Create Assignment" makes it."""
    own = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3}
    made = {"cell_type": kind, "id": grade_id, "source": source, "metadata": {}}
    made["metadata"] = {"nbgrader": own | {"grade_id": grade_id} | about}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def checking(grade_id: str, source: str, points: float) -> dict[str, Any]:
    return cell(grade_id, source, grade=True, points=points)


def hidden(source: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"


BY_HAND = {"grade": True, "solution": True, "locked": False}
# what an instructor adds at the end of the course's notebook; the third test fails last
OWN = [
    cell("setup", "LIMIT = 0.5"),
    checking("hidden", f"assert first([3.0]) == 3.0\n{hidden('assert first([5.0, 1.0]) == 5.0')}", 2),
    checking("partial", "print('partly')\nLIMIT * min(first([4.0]), 4)", 3),
    cell("essay", "The answer.", "markdown", **BY_HAND, points=4),
    cell("plot", "### BEGIN SOLUTION\nprint(7)\n### END SOLUTION", **BY_HAND, points=2),
    cell("task", "Draw it.", "markdown", task=True, points=1),
    checking("last", "assert scaled([2.0])[0] == 4.0, 'not doubled'", 1),
]
# a notebook without any cell of the course
DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
ALONE = [
    cell("double", DOUBLE, solution=True),
    checking("score", "1.5 if double(0) == 0 else 0.0", 2),
    checking("doubled", f"assert double(2) == 4\n{hidden('assert double([1]) == [1, 1]')}", 2),
    cell("why", "Because.", "markdown", **BY_HAND, points=1),
]
ALONE[0]["metadata"]["nbgrader"]["locked"] = False


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def filled(path: Path, sources: dict[str, str]) -> None:
    """Write sources into the cells with these grade ids."""
    content = json.loads(path.read_text())
    for each in content["cells"]:
        grade_id = each["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in sources:
            each["source"] = sources[grade_id]
    path.write_text(json.dumps(content))


FIRST = "def first(x):\n    return float(x[0])"
SCALED = "import numpy as np\ndef scaled(x, factor=2):\n    return np.asarray(x) * factor"
RIGHT = {
    "exercise-x--scaled": SCALED,
    "exercise-x--first": FIRST,
    "essay": "My words.",
    "plot": "print('a plot')",
}
WRONG = RIGHT | {"exercise-x--scaled": "def scaled(x, factor=2):\n    return x"}
WRONG.pop("essay")  # left as it was released
# learner -> what is written into the two notebooks
LEARNERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "right": (RIGHT, {"double": "def double(x):\n    return x + x", "why": "So."}),
    "wrong": (WRONG, {"double": "def double(x):\n    return 2 * abs(x)"}),
    "untouched": ({}, {}),
    # one broken cell, and a test that fails before others
    "broken": (
        RIGHT | {"exercise-x--first": "def first(x):\n    return float(x[-1])", "plot": "1 / 0\n" * 60},
        {"double": "def double(x):\n    return 2 * x\n\ndouble(None)"},
    ),
    "chatty": (
        RIGHT | {"exercise-x--first": f"print('x' * 300_000)\n{FIRST}"},
        {"double": "print('y' * 9_000)\ndouble = lambda x: 0"},
    ),
}
OWN_IDS = {"hidden", "partial", "essay", "plot", "task", "last", "doubled", "why", "score"}


class Graded:
    """An nbgrader directory in which the class is graded."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def grades(self, learner: str) -> dict[str, tuple[float | None, bool]]:
        """Return grade id -> automatic score, and True if it waits for manual grading."""
        with sqlite3.connect(self.directory / "gradebook.db") as gradebook:
            found = gradebook.execute(
                """SELECT base_cell.name, grade.auto_score, grade.needs_manual_grade
                   FROM grade
                   JOIN base_cell ON grade.cell_id = base_cell.id
                   JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
                   JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
                   WHERE submitted_assignment.student_id = ?""",
                (learner,),
            ).fetchall()
        return {name: (score, bool(waits)) for name, score, waits in found}

    def page(self, learner: str, name: str) -> str:
        return text_of(self.directory / "feedback" / learner / "tiny" / f"{name}.html")

    def outputs(self, learner: str, name: str, grade_id: str) -> str:
        path = self.directory / "autograded" / learner / "tiny" / f"{name}.ipynb"
        cells = json.loads(path.read_text())["cells"]
        found = [c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]
        return json.dumps(found[0]["outputs"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def source(home: Path) -> Path:
    """A built directory to which an instructor has added cells and a notebook, built again since."""
    sound = SoundCourse(home / "course")
    build = ("course", "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "ours")
    said_by(start(home, home, *build))
    place = home / "ours" / "source" / "tiny"
    exercise = json.loads((place / "exercise-x.ipynb").read_text())
    exercise["cells"] += OWN
    (place / "exercise-x.ipynb").write_text(json.dumps(exercise))
    (place / "alone.ipynb").write_text(json.dumps(notebook(ALONE)))
    said = said_by(start(home, home, *build))
    assert "Kept 7 cells of yours in ours/source/tiny/exercise-x.ipynb" in said
    (place / "tiny.ipynb").unlink()
    return place


def graded(nbgrader: Callable[..., str], home: Path, directory: Path) -> Graded:
    nbgrader(home, directory, "generate_assignment", "tiny")
    for learner, (exercise, alone) in LEARNERS.items():
        folder = directory / "submitted" / learner / "tiny"
        folder.mkdir(parents=True)
        for name, sources in (("exercise-x", exercise), ("alone", alone)):
            released = directory / "release" / "tiny" / f"{name}.ipynb"
            (folder / released.name).write_bytes(released.read_bytes())
            filled(folder / released.name, sources)
    nbgrader(home, directory, "autograde", "tiny")
    return Graded(directory)


@pytest.fixture(scope="module")
def ours(nbgrader_course: Any, home: Path, source: Path) -> Graded:
    made = graded(nbgrader_course.nbgrader, home, home / "ours")
    nbgrader_course.nbgrader(home, home / "ours", "generate_feedback", "tiny")
    return made


@pytest.fixture(scope="module")
def plain(nbgrader_course: Any, home: Path, source: Path) -> Graded:
    """The same notebooks, where nbgrader runs them itself."""
    directory = home / "plain"
    (directory / "source" / "tiny").mkdir(parents=True)
    for path in source.glob("*.ipynb"):
        (directory / "source" / "tiny" / path.name).write_bytes(path.read_bytes())
    (directory / "nbgrader_config.py").write_text(PLAIN_CONFIG)
    return graded(nbgrader_course.nbgrader, home, directory)


@pytest.mark.parametrize("learner", LEARNERS)
def test_own_cells_get_what_plain_nbgrader_gives(ours: Graded, plain: Graded, learner: str) -> None:
    found, theirs = ours.grades(learner), plain.grades(learner)
    assert found.keys() == theirs.keys() >= OWN_IDS
    assert {name: found[name] for name in OWN_IDS} == {name: theirs[name] for name in OWN_IDS}


def test_the_scores_are_these(ours: Graded) -> None:
    assert ours.grades("right") == {
        "exercise-x--scaled--test": (3.0, False),
        "exercise-x--first--test": (1.0, False),
        "hidden": (2.0, False),
        "partial": (2.0, False),
        "last": (1.0, False),
        "essay": (None, True),
        "plot": (None, True),
        "task": (None, True),
        "doubled": (2.0, False),
        "why": (None, True),
        "score": (1.5, False),
    }
    wrong = ours.grades("wrong")
    assert (wrong["exercise-x--scaled--test"], wrong["exercise-x--first--test"]) == (
        (0.0, False),
        (1.0, False),
    )
    assert (wrong["hidden"], wrong["partial"], wrong["last"]) == ((2.0, False), (2.0, False), (0.0, False))
    assert wrong["essay"] == (0.0, False)  # nbgrader's "No response"
    assert ours.grades("chatty")["partial"] == (2.0, False)
    broken = ours.grades("broken")
    assert broken["exercise-x--scaled--test"] == (3.0, False)
    assert (broken["hidden"], broken["partial"], broken["last"]) == ((0.0, False), (2.0, False), (1.0, False))
    assert (broken["doubled"], broken["score"]) == ((2.0, False), (1.5, False))


def test_the_release_holds_neither_hidden_tests_nor_solutions(ours: Graded) -> None:
    for path in (ours.directory / "release" / "tiny").glob("*.ipynb"):
        text = path.read_text()
        assert (
            "5.0, 1.0" not in text
            and "[1, 1]" not in text
            and "The answer." not in text
            and "return 2 * x" not in text
        )
    assert "def scaled(x, factor=2):" in (ours.directory / "release/tiny/exercise-x.ipynb").read_text()


def test_feedback_shows_own_cells_and_says_how_safe_they_are(ours: Graded) -> None:
    page = " ".join(ours.page("wrong", "exercise-x").split())
    assert "not doubled" in page and "partly" in page
    assert page.count("This test ran in the same process as your code, as in plain nbgrader.") == 3
    assert "a plot" in ours.page("right", "exercise-x")
    assert "a plot" in ours.outputs("right", "exercise-x", "plot")
    assert "AssertionError" in ours.outputs("wrong", "exercise-x", "last")
    assert "same process" in ours.page("right", "alone")


def test_the_grades_list_own_cells_beside_the_course_s(ours: Graded) -> None:
    asked = start(ours.directory, ours.directory, "course", "nbgrader", "grades", "tiny", "--json")
    [assignment] = json.loads(said_by(asked))["assignments"]
    [right] = [each for each in assignment["results"] if each["learner"]["id"] == "right"]
    cells = {
        each["item"]: (each["status"], each["score"]) for each in right["scores"] if each["kind"] == "cell"
    }
    assert cells["hidden"] == ("graded", 2.0) and cells["essay"] == ("by_hand", None)
    assert (right["status"], right["score"]) == ("by_hand", 12.5)
