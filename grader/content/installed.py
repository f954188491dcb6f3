"""The courses of installed packages, such as a kit's wheel. They name themselves by entry points."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

ENTRY_POINTS = "course_grader.courses"


def installed_courses() -> dict[str, Path]:
    """Return name -> directory of each installed course, sorted by name. No course is imported."""
    from importlib.metadata import entry_points  # slow to import

    found: dict[str, Path] = {}
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        spec = find_spec(point.value) if point.value.isidentifier() else None
        if spec is not None and spec.origin is not None:
            root = Path(spec.origin).parent / "course"
            if root.is_dir():
                found[point.name] = root
    return found
