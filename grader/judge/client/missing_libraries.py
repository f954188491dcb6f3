"""Find out whether this machine has the libraries that exercises allow, and refuse to grade if it does not.

A submission that uses a missing library fails through no fault of the learner.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.libraries import install_command, missing
from grader.errors import EnvironmentProblem
from grader.wording import listed


def missing_note(exercise: Exercise) -> str | None:
    """Return a note that names the missing libraries of an exercise and the command to install them."""
    lacking = missing(exercise.libraries)
    return f"{_sentence([exercise.id], lacking)} — {install_command(lacking)}" if lacking else None


def require_libraries(course: Course, exercise_ids: Iterable[str]) -> None:
    """Raise EnvironmentProblem if a library that one of these exercises allows is missing here."""
    lacking = {id_: found for id_ in exercise_ids if (found := missing(course.exercise(id_).libraries))}
    if lacking:
        every = tuple(dict.fromkeys(library for found in lacking.values() for library in found))
        raise EnvironmentProblem(
            f"{_sentence([*lacking], every)}, so nothing is graded — run {install_command(every)}, "
            "then grade again"
        )


def _sentence(exercise_ids: list[str], lacking: tuple[str, ...]) -> str:
    are = "are" if lacking[1:] else "is"
    return f"{listed(exercise_ids)} may use {listed(lacking)}, which {are} not installed here"
