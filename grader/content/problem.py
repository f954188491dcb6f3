"""Problems in content files: their place, the cause, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

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


class ContentError(CourseError):
    """Error for broken content files; `problems` holds all problems, sorted by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(map(str, self.problems)))
