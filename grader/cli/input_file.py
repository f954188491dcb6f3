"""The file that `course check FILE` is given, and the exercise or lesson that it belongs to."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.content.file_names import FileKind, read_file_name
from grader.content.notebook_cells import NotebookCell
from grader.errors import CourseError, SubmissionError
from grader.notebook.origin import OriginKind, origin_of


class InputFile(Struct, frozen=True):
    """A learner's file. `cells` is empty unless it is a notebook."""

    kind: OriginKind
    id: str
    path: Path
    cells: tuple[NotebookCell, ...] = ()
    note: str = ""  # says so if the notebook was built from another version of the content


def input_file(course: Course, argument: str) -> InputFile | None:
    """Return the file that the argument names, or None if the argument is an id. Raises CourseError.

    A notebook built from the course names its exercise or lesson. For other files, the file name decides.
    """
    path = Path(argument)
    kind = read_file_name(path.name).kind
    if argument in course.exercise_ids or not (kind.is_code or _exists(path)):
        return None
    if not _exists(path):
        raise SubmissionError(f"{path} does not exist — {_advice(course, path)}")
    notebook = _notebook(course, path) if kind in (FileKind.NOTEBOOK, FileKind.JSON) else None
    return notebook or _named(course, path, ())


def _notebook(course: Course, path: Path) -> InputFile | None:
    from grader.judge.submission import read_file, read_notebook

    try:
        notebook = read_notebook(read_file(path), path)
    except CourseError:
        return None  # the same error is raised when the file is read as a submission
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
    """Identify a file by its name. Raises CourseError; SubmissionError if it is not a submission."""
    from grader.judge.submission import read_submission

    name = read_file_name(path.name)
    mentioned = (id_ for id_ in course.exercise_ids if name.kind.is_code and name.mentions(id_))
    exercise_id = name.among(course.exercise_ids) or next(mentioned, None)
    if exercise_id is not None and name.kind.may_be_code:
        return InputFile(OriginKind.EXERCISE, exercise_id, path)
    lesson = name.among(course.lesson_ids)
    if cells and lesson is not None:
        return InputFile(OriginKind.LESSON, lesson, path, cells)
    read_submission(path)
    known = ", ".join(course.exercise_ids) or "none in this course"
    raise CourseError(
        f"{path} does not say which exercise it belongs to — "
        f"give the id: course check EXERCISE {path} (exercises: {known})"
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # the name is too long, or the directory is not accessible
        return False


def _advice(course: Course, path: Path) -> str:
    """Suggest the file or exercise that was probably meant."""
    beside = [file.name for file in path.parent.glob("*") if read_file_name(file.name).kind.is_code]
    near = get_close_matches(path.name, sorted(beside), n=1, cutoff=0.6)
    if near:
        return f"did you mean {path.with_name(near[0])}?"
    named = read_file_name(path.name).among(course.exercise_ids)
    if named:
        return f"`course start {named}` writes a file to start from"
    return "name an existing file, or an exercise: course check EXERCISE"
