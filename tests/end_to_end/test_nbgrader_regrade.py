"""`course nbgrader regrade`: a fixed test changes exactly those whom the table names."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader_commands import said_by, start
from sound_course import HIDDEN_TESTS, SOLUTION, SoundCourse

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")


@pytest.mark.exhaustive
def test_a_fixed_test_is_told(nbgrader_course: Any, tmp_path: Path) -> None:
    nbgrader, home = nbgrader_course.nbgrader, tmp_path
    sound = SoundCourse(tmp_path / "course")
    right = "assert learner.first(x) == x[0]"
    sound.replace(HIDDEN_TESTS, right, "assert learner.first(x) <= 99")
    course = ("course", "--course", sound.root, "nbgrader")
    said_by(start(home, tmp_path, *course, "build", "tiny", "--course-dir", "class"))
    directory = tmp_path / "class"
    nbgrader(home, directory, "generate_assignment", "tiny")
    notebook = json.loads((directory / "release" / "tiny" / "exercise-x.ipynb").read_text())
    for learner, code in (("ann", SOLUTION), ("ben", SOLUTION.replace("(x)[0]", "(x)[-1]"))):
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = code
        place = directory / "submitted" / learner / "tiny"
        place.mkdir(parents=True)
        (place / "exercise-x.ipynb").write_text(json.dumps(notebook))
    nbgrader(home, directory, "autograde", "tiny")
    sound.replace(HIDDEN_TESTS, "assert learner.first(x) <= 99", right)
    said = said_by(start(home, tmp_path, *course, "regrade", "tiny", "--course-dir", "class"))
    assert "Changed for 1 learner." in said
    changes = json.loads((directory / "regrades" / "001" / "changes.json").read_text())
    assert [(c["learner"], c["test"], c["before"], c["after"]) for c in changes] == [
        ("ben", "first", 1.0, 0.0),
        ("ben", "total", 4.0, 3.0),
    ]
    assert (directory / "regrades/001/autograded/ben/tiny/exercise-x.ipynb").exists()
