"""`course nbgrader build`: write an instructor's nbgrader directory from the course."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from grader.content.course import Course
from grader.content.notebook_cells import TEST, TOOLS
from grader.errors import CourseError
from grader.files import not_written, write_whole
from grader.judge.client.judge import Judge
from grader.judge.client.starter import starter_report
from grader.notebook.additions import OldNotebook, merged, misnamed, read_old
from grader.notebook.cells import CellJson, digest
from grader.notebook.config import config_text
from grader.notebook.exercise_cells import exercise_notebook
from grader.notebook.lesson_cells import exercises_of, lesson_notebook
from grader.notebook.origin import origin_of

CONFIG = "nbgrader_config.py"


_ADVICE = "name a directory that you can write to with --course-dir"


class Edited(Enum):
    """The treatment of notebooks whose built cells were edited. Added cells are always kept."""

    REFUSE = "refuse"  # raise an error and write nothing
    OVERWRITE = "overwrite"  # write the cells and the config again


class Built(Struct, frozen=True):
    """The files of a build; `config_written` is False if the config was kept.

    `kept` is the number of cells that an instructor had added, for each notebook with any.
    """

    notebooks: tuple[Path, ...]
    config: Path
    config_written: bool
    kept: Mapping[Path, int] = {}


def build(
    course: Course,
    lesson_id: str,
    directory: Path,
    edited: Edited = Edited.REFUSE,
    grade_with: str = "",
    tell: Callable[[str], None] = lambda what: None,
) -> Built:
    """Write `source/<lesson>/*.ipynb` and, if it does not exist, `nbgrader_config.py`.

    Data files of the exercises are written beside the notebooks. `grade_with` is the course
    directory that the config names; empty for the bundled course. `tell` is called with
    each step. Raises CourseError.
    """
    course.check_whole("be built into assignments")
    notebooks = lesson_notebooks(course, lesson_id, tell)
    place = directory / "source" / lesson_id
    paths = {place / f"{name}.ipynb": notebook for name, notebook in notebooks.items()}
    config = directory / CONFIG
    existing = {path: _existing(path, notebook["cells"]) for path, notebook in paths.items() if path.exists()}
    data = {place / file: content for file, content in lesson_data(course, lesson_id).items()}
    changed = [path for path, found in existing.items() if not found.as_built]
    other = [path for path, content in data.items() if path.exists() and path.read_bytes() != content]
    if other and edited is Edited.REFUSE:
        raise CourseError(
            f"{', '.join(map(str, other))} is not the data file of the course, so nothing was written — "
            "delete it to get the course's file, or build with --force"
        )
    if changed and edited is Edited.REFUSE:
        raise CourseError(
            f"{', '.join(map(str, changed))} has been edited since it was built, so nothing was written — "
            "rename it to keep your changes, or build with --force, which keeps only the cells that you added"
        )
    kept: dict[Path, int] = {}
    for path, found in existing.items():
        if number := len(found.cells.added):
            kept[path] = number
            paths[path] |= {"cells": merged(paths[path]["cells"], found.cells, path.stem)}
    write_config = not config.is_file() or edited is Edited.OVERWRITE
    try:
        place.mkdir(parents=True, exist_ok=True)
        for path, notebook in paths.items():
            _write(path, json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        for path, content in data.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, _ADVICE)
        if write_config:
            _write(config, config_text(lesson_id, _course_id(directory), grade_with))
    except OSError as error:
        raise not_written(error.filename or place, error, _ADVICE) from None
    return Built(tuple(paths), config, write_config, kept)


def lesson_notebooks(
    course: Course, lesson_id: str, tell: Callable[[str], None] = lambda what: None
) -> dict[str, CellJson]:
    """Return name -> notebook for the lesson and its exercises. Raises CourseError."""
    lesson = course.lesson(lesson_id)
    notebooks = {lesson_id: lesson_notebook(course, lesson_id)}
    exercises = exercises_of(course, lesson)
    if exercises:
        with Judge() as judge:
            for exercise_id in exercises:
                tell(f"{exercise_id}: getting its points from the judge …")
                notebooks[exercise_id] = exercise_notebook(
                    course, exercise_id, starter_report(judge, course, exercise_id)
                )
    return notebooks


def lesson_data(course: Course, lesson_id: str) -> dict[str, bytes]:
    """Return the data files of a lesson's exercises, by path beside the notebooks. Raises CourseError."""
    exercises = map(course.exercise, exercises_of(course, course.lesson(lesson_id)))
    return {file: content for exercise in exercises for file, content in course.data(exercise).items()}


class _Existing(Struct, frozen=True):
    """A notebook that is there already. `as_built` is True if no built cell was changed or deleted."""

    cells: OldNotebook
    as_built: bool


def _existing(path: Path, new: Sequence[CellJson]) -> _Existing:
    """Read a notebook of an earlier build. Raises CourseError if a cell has a reserved grade id."""
    try:
        notebook: Any = json.loads(path.read_text(encoding="utf-8"))
        origin = origin_of(notebook["metadata"])
        built_digest = "" if origin is None else origin.digest
        names = misnamed(notebook["cells"], path.stem)
        old = read_old(notebook["cells"], path.stem, built_digest, new)
        as_built = built_digest == digest(old.built)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Existing(OldNotebook(()), as_built=False)
    if names:
        raise CourseError(
            f"{path} has cells of yours with the grade ids {', '.join(names)}, so nothing was written — "
            f"choose ids that do not end in {TEST} or {TOOLS}, which mark the cells of the course"
        )
    return _Existing(old, as_built)


def _course_id(directory: Path) -> str:
    """Derive nbgrader's course id from the name of the directory."""
    return re.sub(r"[^\w-]+", "-", directory.resolve().name).strip("-") or "course"


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode(), _ADVICE)
