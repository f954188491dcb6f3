"""Every error a user can meet, catchable by one root: `CourseError`.

An error carries its own sentence (what happened, where, what to do next) and
the exit code of the command that ends with it:
2 is wrong usage or broken content, 3 is an environment that cannot do it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CourseError(Exception):
    """Something went wrong that the user can understand and act on."""

    exit_code = 2


class UnknownIdError(CourseError):
    """An id that nothing in the course has; suggests the nearest one."""

    def __init__(self, kind: str, wanted: str, known: Iterable[str]) -> None:
        known = sorted(known)
        near = get_close_matches(wanted, known, n=1, cutoff=0.4)
        if near:
            advice = f"did you mean {near[0]}?"
        elif known:
            advice = f"there is {', '.join(known)}"
        else:
            advice = "this course has none"
        super().__init__(f"no {kind} is called {wanted!r} — {advice}")


class SubmissionError(CourseError):
    """The submitted file cannot be read as a submission."""


class EnvironmentProblem(CourseError):
    """This machine cannot do it: a file, a permission or a program is in the way."""

    exit_code = 3
