"""The files of a class as they are found: to be read, left out with a reason, or out of reach."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from msgspec import Struct

from grader.classroom.budget import MAX_REFUSALS, Budget
from grader.classroom.names import Parts
from grader.classroom.submission_time import SubmissionTime
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.judge.submission import max_bytes

# what zipfile raises for a damaged file
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    zlib.error,
    ValueError,
    LookupError,
)


class SkippedFile(Struct, frozen=True, order=True):
    """A file that was not read, and the reason."""

    file: str
    why: str


def shortened(skipped: Collection[SkippedFile], where: str) -> list[SkippedFile]:
    """Return a list of bounded length: the first files, and the number of the others."""
    listed = sorted({*skipped})
    more = len(listed) - MAX_REFUSALS
    return listed if more <= 0 else [*listed[:MAX_REFUSALS], SkippedFile(where, f"{more} more files")]


class Unread(NamedTuple):
    """A part of a learner's files that may hold anything, and the reason why it was not read."""

    where: str
    error: CourseError


class File(NamedTuple):
    """A file of one learner."""

    parts: Parts  # path below the learner's directory or zip file
    where: str  # the path to show, inside the graded directory
    open: Callable[[], IO[bytes]]
    budget: Budget
    time: SubmissionTime | None = None

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def is_zip(self) -> bool:
        return is_zip(self.name)

    def read(self, limit: int | None = None) -> bytes:
        """Return the content. Raises SubmissionError if it is too large or damaged, EnvironmentProblem.

        `limit` is in bytes; by default it is that of a submission of this name.
        """
        limit = max_bytes(PurePosixPath(self.name)) if limit is None else limit
        try:
            with self.open() as file:
                raw = file.read(limit + 1) or b""
        except BROKEN:
            raise SubmissionError(f"{self.where} is damaged — create the zip file again") from None
        except OSError as error:
            raise EnvironmentProblem(
                f"{self.where} cannot be read: {error.strerror} — check its permissions"
            ) from None
        self.budget.read(self.where, len(raw))
        if len(raw) > limit:
            raise SubmissionError(
                f"{self.where} has more than {limit // 1_000_000} MB — "
                "clear the outputs of a notebook; keep data out of the file"
            )
        return raw


Found = File | SkippedFile | Unread


def is_zip(name: str) -> bool:
    """Return True if a name says that the file is a zip file."""
    return name.casefold().endswith(".zip")
