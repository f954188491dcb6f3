"""`nbgrader autograde` on a class: every verdict that the course gives was predicted, and reached once."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from nbgrader_commands import said_by, start
from sound_course import SOLUTION, SoundCourse

from grader.content.course import Course
from grader.judge.client.pool import JudgePool, Task

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only"),
    pytest.mark.filterwarnings("ignore"),  # warnings from nbgrader's own imports
]
WRONG = SOLUTION.replace("* factor", "- factor")
HELPED = "from tool import scaled\n\ndef first(x):\n    return float(x[0])\n"


def handed_in(released: str, source: str) -> dict[str, Any]:
    """Return the released notebook with this source in its first solution cell."""
    notebook: dict[str, Any] = json.loads(released)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"], source = source, "# see above"
    return notebook


def without_tests(notebook: dict[str, Any]) -> dict[str, Any]:
    kept = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
    return notebook | {"cells": kept}


def edited(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook with changed read-only cells, and a solution cell twice."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] = "x = 'changed'"
    return notebook | {"cells": [*notebook["cells"], notebook["cells"][1], *notebook["cells"][:3]]}


def test_every_verdict_was_predicted(
    nbgrader_course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, class_dir = SoundCourse(tmp_path / "course"), tmp_path / "class"
    build = ("course", "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "class")
    said_by(start(tmp_path, tmp_path, *build))
    nbgrader_course.nbgrader(tmp_path, class_dir, "generate_assignment", "tiny")
    released = (class_dir / "release" / "tiny" / "exercise-x.ipynb").read_text()
    (class_dir / "source" / "tiny" / "tool.py").write_text(SOLUTION)
    submitted = {
        "ann/exercise-x.ipynb": handed_in(released, SOLUTION),
        "ben/exercise-x.ipynb": handed_in(released, WRONG),
        "cleo/exercise-x.ipynb": handed_in(released, SOLUTION),
        "dan/exercise-x (1).ipynb": handed_in(released, f"# dan\n{SOLUTION}"),
        "eve/exercise-x.ipynb": without_tests(handed_in(released, f"# eve\n{SOLUTION}")),
        "fay/exercise-x.ipynb": edited(handed_in(released, f"# fay\n{SOLUTION}")),
        "gus/exercise-x.ipynb": handed_in(released, HELPED),
        "hal/exercise-x.ipynb": "not a notebook",
    }
    for name, notebook in submitted.items():
        learner, _, file = name.partition("/")
        place = class_dir / "submitted" / learner / "tiny"
        place.mkdir(parents=True)
        (place / file).write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
    (class_dir / "submitted" / "gus" / "tiny" / "tool.py").write_text("def scaled(x): return 0\n")

    judged: list[tuple[Task, bool]] = []
    check = JudgePool.check

    def counted(pool: JudgePool, course: Course, task: Task, *args: Any, **options: Any) -> Any:
        judged.append((task, threading.current_thread() is threading.main_thread()))
        return check(pool, course, task, *args, **options)

    monkeypatch.setattr(JudgePool, "check", counted)
    autograde(class_dir)
    assert len(judged) == len({task for task, _ in judged}) == 6  # ann and cleo agree; hal has no code
    assert not any(in_main_thread for _, in_main_thread in judged)
    scores = {place.parts[-3]: score(place) for place in class_dir.glob("autograded/*/tiny/exercise-x.ipynb")}
    assert scores == {"ann": 4, "ben": 1, "cleo": 4, "dan": 4, "eve": 4, "fay": 4, "gus": 4, "hal": 0}

    judged.clear()
    autograde(class_dir)  # everybody is skipped
    assert judged == []


def autograde(class_dir: Path) -> None:
    """Run nbgrader's converter in this process, with the config of the class."""
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(class_dir)).load_config()
    config.CourseDirectory.assignment_id = "tiny"
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()


def score(notebook: Path) -> float:
    """Return the points of an autograded notebook."""
    import nbformat
    from nbgrader.utils import determine_grade

    cells = nbformat.read(notebook, as_version=4).cells
    tests = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    return sum(float(determine_grade(cell)[0] or 0) for cell in tests)
