"""The origin of a built notebook: the exercise or lesson it was made from, and in which version."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from grader.content.course import Course
from grader.notebook.lesson_cells import lesson_version


class OriginKind(StrEnum):
    """The kinds of content that notebooks are built from."""

    EXERCISE = "exercise"
    LESSON = "lesson"


class Origin(Struct, frozen=True):
    """The exercise or lesson that a notebook was made from, as its metadata name it."""

    kind: OriginKind
    id: str
    version: str
    digest: str = ""  # of the cells, when the notebook was built

    def is_known(self, course: Course) -> bool:
        """Return True if the course has this exercise or lesson."""
        return self.id in (course.exercise_ids if self.kind is OriginKind.EXERCISE else course.lesson_ids)

    def is_current(self, course: Course) -> bool:
        """Return True if the course still has this version. Raises ContentError."""
        if not self.is_known(course):
            return False
        if self.kind is OriginKind.EXERCISE:
            return self.version == course.exercise_version(self.id)
        return self.version == lesson_version(course, self.id)


def origin_of(metadata: Any) -> Origin | None:
    """Read a notebook's metadata, which may be anything. None if the notebook was not built, or lost them."""
    about = metadata.get("course") if isinstance(metadata, Mapping) else None
    if not isinstance(about, Mapping):
        return None
    kind, id_, version, digest = (about.get(name) for name in ("kind", "id", "version", "digest"))
    known = next((each for each in OriginKind if each == kind), None)
    if known is None or not isinstance(id_, str) or not isinstance(version, str):
        return None
    return Origin(known, id_, version, digest if isinstance(digest, str) else "")
