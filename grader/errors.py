"""Errors that users can meet. `CourseError` is their common base class.

An error's message says what happened, where, and what to do. Its `exit_code` is
that of the command: 2 for wrong usage or broken content, 3 for an environment
that does not allow the command.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CourseError(Exception):
    """Base class of errors that the user can understand and act on."""

    exit_code = 2


class UnknownIdError(CourseError):
    """Error for an id that does not exist in the course; suggests the nearest one.

    `found` says what else has this id, such as "a lesson", or is empty.
    """

    def __init__(self, kind: str, unknown_id: str, known: Iterable[str], found: str = "") -> None:
        known = sorted(known)
        near = [] if found else get_close_matches(unknown_id, known, n=1, cutoff=0.4)
        if near:
            advice = f"did you mean {near[0]}?"
        elif known:
            advice = f"choose from {', '.join(known)}"
        else:
            advice = "this course has none"
        is_other = f" (it is {found})" if found else ""
        super().__init__(f"no {kind} is called {unknown_id!r}{is_other} — {advice}")


class SubmissionError(CourseError):
    """Error for a file that cannot be read as a submission."""


class EnvironmentProblem(CourseError):
    """Error for a missing program, permission, file or other condition of this machine."""

    exit_code = 3
