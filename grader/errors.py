"""Errors that users can meet. `CourseError` is their common base class.

An error's message says what happened, where, and what to do. Its `exit_code` is
that of the command: 2 for wrong usage or broken content, 3 for an environment
that does not allow the command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile


class CourseError(Exception):
    """Base class of errors that the user can understand and act on."""

    exit_code = 2


class UnknownIdError(CourseError):
    """Error for an id that does not exist in the course; suggests the nearest one.

    `found` says what else has this id, such as "a lesson", or is empty. `is_near` is True if there
    is a suggestion.
    """

    kind = ""
    is_near = False

    def __init__(self, kind: str, unknown_id: str, known: Iterable[str], found: str = "") -> None:
        known = sorted(known, key=_parts)
        near = [] if found else _near(unknown_id, known)
        self.kind, self.is_near = kind, bool(near)
        if near:
            advice = f"did you mean {near[0]}?"
        elif known:
            advice = f"choose from {', '.join(known)}"
        else:
            advice = "this course has none"
        is_other = f" (it is {found})" if found else ""
        super().__init__(f"no {kind} is called {unknown_id!r}{is_other} — {advice}")


def _parts(id_: str) -> list[tuple[int, str]]:
    """Return what to sort an id by: numbers count as such, so that section 2 comes before section 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", id_)]


def _near(unknown_id: str, known: list[str]) -> list[str]:
    """Return the id that is meant, if one is similar. What all ids begin with, "exercise-", is no sign."""
    begin = _common_beginning([*known, unknown_id]) if len(known) > 1 else ""
    ends = {each.removeprefix(begin): each for each in known}
    return [ends[end] for end in get_close_matches(unknown_id.removeprefix(begin), ends, n=1, cutoff=0.4)]


def _common_beginning(ids: list[str]) -> str:
    same = takewhile(lambda letters: len({*letters}) == 1, zip(*ids, strict=False))
    return "".join(letters[0] for letters in same)


class SubmissionError(CourseError):
    """Error for a file that cannot be read as a submission."""


class EnvironmentProblem(CourseError):
    """Error for a missing program, permission, file or other condition of this machine."""

    exit_code = 3
