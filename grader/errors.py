"""Errors that users can meet. `CourseError` is their common base class.

An error's message says what happened, where, and what to do. Its `exit_code` is
that of the command: 2 for wrong usage or broken content, 3 for an environment
that does not allow the command.
"""

from __future__ import annotations

import re
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
        known = sorted(known, key=_natural)
        near = [] if found else _nearest(unknown_id, known)
        if near:
            advice = f"did you mean {near[0]}?"
        elif known:
            advice = f"choose from {', '.join(known)}"
        else:
            advice = "this course has none"
        is_other = f" (it is {found})" if found else ""
        super().__init__(f"no {kind} is called {unknown_id!r}{is_other} — {advice}")


def _nearest(unknown_id: str, known: list[str]) -> list[str]:
    """Return the id that was probably meant, or []. What all ids begin with says nothing."""
    shared = _common_start(known)
    by_tail = {each.removeprefix(shared): each for each in known}
    if near := get_close_matches(unknown_id.removeprefix(shared), by_tail, n=1):
        return [by_tail[near[0]]]
    return [] if shared and unknown_id.startswith(shared) else get_close_matches(unknown_id, known, n=1)


def _common_start(names: list[str]) -> str:
    """Return what several names begin with; "" for a single name."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts 2 before 10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


class SubmissionError(CourseError):
    """Error for a file that cannot be read as a submission."""


class EnvironmentProblem(CourseError):
    """Error for a missing program, permission, file or other condition of this machine."""

    exit_code = 3
