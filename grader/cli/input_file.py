"""The file that `course check FILE` is given: which exercise or lesson it answers to."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.content.file_names import file_stem
from grader.content.notebook_cells import NotebookCell
from grader.errors import CourseError, SubmissionError
from grader.notebook.origin import OriginKind, origin_of

ENDINGS = (".py", ".ipynb")


class InputFile(Struct, frozen=True):
    """A learner's file. `cells` are those of a notebook."""

    kind: OriginKind
    id: str
    path: Path
    cells: tuple[NotebookCell, ...] = ()
    note: str = ""  # that it was made of another version of the content


def input_file(course: Course, argument: str) -> InputFile | None:
    """Return what a file is about; None if the argument is an id. Raises CourseError.

    A notebook that was built says it itself; of other files the name decides.
    """
    path = Path(argument)
    if argument in course.exercise_ids or not (path.suffix in ENDINGS or _exists(path)):
        return None
    if not _exists(path):
        raise SubmissionError(f"{path} does not exist — {_advice(course, path)}")
    notebook = _notebook(course, path) if path.suffix == ".ipynb" else None
    return notebook or _named(course, path, ())


def _notebook(course: Course, path: Path) -> InputFile | None:
    from grader.judge.submission import read_file, read_notebook

    try:
        notebook = read_notebook(read_file(path), path)
    except CourseError:
        return None  # the same error is raised when it is read as a submission
    cells, origin = notebook.cells, origin_of(notebook.metadata)
    if origin is None:
        return _named(course, path, cells)
    if not origin.is_known(course):
        raise CourseError(
            f"{path} was built from the {origin.kind} {origin.id!r}, which this course does not have — "
            f"check --course and COURSE_DIR, or give the id: course check EXERCISE {path}"
        )
    note = (
        f"{path} was built from version {origin.version} of the course. "
        "It is checked with the current version."
    )
    return InputFile(origin.kind, origin.id, path, cells, "" if origin.is_current(course) else note)


def _named(course: Course, path: Path, cells: tuple[NotebookCell, ...]) -> InputFile:
    """Go by the file's name; without one that is known, a file that is no submission is said to be none."""
    from grader.judge.submission import read_submission

    for exercise_id in course.exercise_ids:
        if file_stem(exercise_id) == file_stem(path.stem):
            return InputFile(OriginKind.EXERCISE, exercise_id, path)
    if cells and path.stem in course.lesson_ids:
        return InputFile(OriginKind.LESSON, path.stem, path, cells)
    read_submission(path)
    known = ", ".join(course.exercise_ids) or "none in this course"
    raise CourseError(
        f"{path} does not say which exercise it answers to — "
        f"give the id: course check EXERCISE {path} (exercises: {known})"
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, a directory that may not be entered
        return False


def _advice(course: Course, path: Path) -> str:
    """Say which file or exercise may have been meant."""
    beside = [file.name for file in path.parent.glob("*") if file.suffix in ENDINGS]
    near = get_close_matches(path.name, sorted(beside), n=1, cutoff=0.6)
    if near:
        return f"did you mean {path.with_name(near[0])}?"
    named = [e for e in course.exercise_ids if file_stem(e) == file_stem(path.stem)]
    if named:
        return f"`course start {named[0]}` writes a file to begin with"
    return "name a file that is here, or an exercise: course check EXERCISE"
