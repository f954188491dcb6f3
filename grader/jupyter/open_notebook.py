"""The file of the notebook that a kernel runs, if the front end tells it, and the exercise to check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from grader.content.course import Course
from grader.content.file_names import read_file_name
from grader.content.notebook_cells import NotebookCell
from grader.errors import CourseError
from grader.judge.submission import read_file, read_notebook
from grader.notebook.origin import Origin, OriginKind, origin_of

UNNAMED = "notebook"  # the name of a submission if the file is not known


class OpenNotebook(Struct, frozen=True):
    """A notebook as it was saved last. Without a file, all is empty."""

    path: Path | None = None
    cells: tuple[NotebookCell, ...] = ()
    origin: Origin | None = None

    @property
    def name(self) -> str:
        return UNNAMED if self.path is None else self.path.name

    @property
    def given(self) -> tuple[str, ...]:
        """The sources of the cells that the learner did not write."""
        return tuple(cell.source for cell in self.cells if cell.is_given and not cell.is_setup)

    def lesson(self, course: Course, asked: str) -> str:
        """Return the id of the lesson whose answers are to be marked; "" if an exercise is to be checked."""
        origin = self.origin
        if asked:
            return asked if asked in course.lesson_ids else ""
        return origin.id if origin and origin.kind is OriginKind.LESSON and origin.is_known(course) else ""


def open_notebook(names: Mapping[str, Any], variables: Mapping[str, str]) -> OpenNotebook:
    """Return the kernel's notebook: VS Code puts its path among the `names`, Jupyter among the variables."""
    told = names.get("__vsc_ipynb_file__") or variables.get("JPY_SESSION_NAME")
    if not isinstance(told, str) or not told.endswith(".ipynb"):
        return OpenNotebook()
    path = Path(told)
    try:
        notebook = read_notebook(read_file(path), path)
    except (CourseError, ValueError):  # it was moved, or was never saved
        return OpenNotebook()
    return OpenNotebook(path, notebook.cells, origin_of(notebook.metadata))


def exercise_to_check(course: Course, asked: str, notebook: OpenNotebook, defined: Collection[str]) -> str:
    """Return the id of the exercise to check. Raises CourseError if it is not clear.

    It is the one that was `asked` for, or else the one that the notebook was built from or is
    named after, or else the only one of whose functions some are `defined`.
    """
    if asked:
        return course.exercise(asked).id
    origin = notebook.origin
    if origin is not None and origin.id in course.exercise_ids:
        return origin.id
    if notebook.path is not None:
        named = read_file_name(notebook.path.name).among(course.exercise_ids)
        if named is not None:
            return named
    begun = [id_ for id_ in course.exercise_ids if _functions(course, id_) & {*defined}]
    if len(begun) == 1:
        return begun[0]
    known = ", ".join(course.exercise_ids) or "none in this course"
    reason = f"you have written functions of {' and '.join(begun)}" if begun else "none has been begun here"
    raise CourseError(f"which exercise? {reason} — name it, as in %check EXERCISE (exercises: {known})")


def _functions(course: Course, exercise_id: str) -> set[str]:
    return {function.name for function in course.exercise(exercise_id).functions}
