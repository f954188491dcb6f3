"""Problems in content files: their place, the cause, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from grader.errors import CourseError


class Problem(Struct, frozen=True):
    """One problem in a file; `line` counts from 1."""

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} — {self.todo}"


_ABOUT = re.compile(r"(?P<file>.+?) (?P<what>(?:is|does|cannot|has) .+)", re.DOTALL)


class ContentError(CourseError):
    """Error for broken content files; `problems` holds all problems, sorted by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(map(str, self.problems)))


def problems_of(error: CourseError, place: Path) -> tuple[Problem, ...]:
    """Return an error as problems: in `place`, or in the file below it that the error names."""
    if isinstance(error, ContentError):
        return error.problems
    what, _, todo = str(error).partition(" — ")
    file = place
    if (found := _ABOUT.fullmatch(what)) and Path(found["file"]).is_relative_to(place):
        file, what = Path(found["file"]), f"it {found['what']}"
    return (Problem(str(file), 1, what, todo or "correct it"),)
