"""What a built notebook says it was made from, and whether that still is what the course holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from grader.content.course import Course
from grader.notebook.lesson_cells import lesson_version


class Origin(Struct, frozen=True):
    """The exercise or lesson that a notebook was made from, as its metadata tell."""

    kind: Literal["exercise", "lesson"]
    id: str
    version: str

    def is_known(self, course: Course) -> bool:
        """Whether the course has such an exercise or lesson."""
        return self.id in (course.exercise_ids if self.kind == "exercise" else course.lesson_ids)

    def is_present(self, course: Course) -> bool:
        """Whether the course still holds what the notebook was made from. Raises ContentError."""
        if self.kind == "exercise":
            return self.version == course.exercise_version(self.id)
        return self.version == lesson_version(course, self.id)


def origin_of(metadata: Mapping[str, Any]) -> Origin | None:
    """Read a notebook's metadata; None if it was not built, or they have been lost."""
    about = metadata.get("course")
    if not isinstance(about, dict):
        return None
    kind, id_, version = (about.get(name) for name in ("kind", "id", "version"))
    if kind not in ("exercise", "lesson") or not isinstance(id_, str) or not isinstance(version, str):
        return None
    return Origin(kind, id_, version)
