"""An instructor's own course, built again and again, and graded where learner code cannot be confined."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader_commands import BIN, said_by, start
from sound_course import SOLUTION, SoundCourse

from grader.notebook.grading import UNCONFINED

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only"),
]


def test_an_own_course_without_confinement(nbgrader_course: Any, tmp_path: Path) -> None:
    """A PATH without bwrap is a machine that has none."""
    nbgrader, home = nbgrader_course.nbgrader, tmp_path
    sound = SoundCourse(tmp_path / "course")
    build = ("course", "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "class")
    said_by(start(home, tmp_path, *build))
    directory = tmp_path / "class"
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    assert "nbgrader_config.py as it is" in said_by(start(home, tmp_path, *build))
    assert {path: path.read_bytes() for path in before} == before

    nbgrader(home, directory, "generate_assignment", "tiny")
    notebook = json.loads((directory / "release" / "tiny" / "exercise-x.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = SOLUTION
    place = directory / "submitted" / "ann" / "tiny"
    place.mkdir(parents=True)
    (place / "exercise-x.ipynb").write_text(json.dumps(notebook))
    page = directory / "autograded" / "ann" / "tiny" / "exercise-x.ipynb"

    programs = tmp_path / "no-bwrap"
    programs.mkdir()
    (programs / "alembic").symlink_to(BIN / "alembic")
    said = nbgrader(home, directory, "autograde", "tiny", code=1, PATH=str(programs))
    assert "cannot be confined on this machine, so nothing is graded" in said
    assert not page.exists()
    options = ("--GradeWithJudge.sandbox=False", "--force")
    nbgrader(home, directory, "autograde", "tiny", *options, PATH=str(programs))
    assert page.read_text().count(UNCONFINED) >= 2
    nbgrader(home, directory, "autograde", "tiny", "--force")
    assert UNCONFINED not in page.read_text()
    nbgrader(home, directory, "export", "--to", "grades.csv")
    assert (directory / "grades.csv").read_text().splitlines()[1].endswith(",4.0,0.0,4.0,5.0")
