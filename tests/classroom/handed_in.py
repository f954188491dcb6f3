"""Classes for tests: files of learners on disk, and what the intake finds in them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sound_course import SOLUTION

from grader.classroom.intake import Intake, take_in
from grader.classroom.wanted import Wanted
from grader.content.course import Course
from grader.notebook.cells import notebook

CODE = SOLUTION.encode()
OTHER = SOLUTION.replace("[0]", "[-1]").encode()
NOTEBOOK = json.dumps(notebook("x", [{"cell_type": "code", "source": SOLUTION, "metadata": {}}], {})).encode()


def write(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def taken(course: Course, path: Path, *exercises: str, quizzes: tuple[str, ...] = ()) -> Intake:
    return take_in(path, Wanted(course, exercises, quizzes), path / "grades")


def whose(intake: Intake) -> list[tuple[str, str, str]]:
    return [(each.learner, each.item, each.status) for each in intake.handed]


ADA = [("ada", "exercise-x", "graded")]
BOTH = [("ada", "exercise-x", "graded"), ("bob", "exercise-x", "graded")]
