"""Links in a course: none may lead out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.errors import CourseError


def check_links(root: Path, names: Iterable[str]) -> None:
    """Raise CourseError if a link in one of these parts of a course leads out of the course."""
    inside = root.resolve()
    for path in _links([root / name for name in names]):
        try:
            target = path.resolve()
        except (OSError, RuntimeError):  # links in a circle: whoever reads the file reports them
            continue
        if not target.is_relative_to(inside):
            raise CourseError(
                f"{path} is a link that leads out of the course, to {target} — put a copy of the file there"
            )


def _links(paths: list[Path]) -> Iterator[Path]:
    """Yield all links at and below these paths, including those in directories that links lead to."""
    waiting, seen = list(paths), set()
    while waiting:
        path = waiting.pop()
        if path.is_symlink():
            yield path
        try:
            if path.is_dir() and (real := path.resolve()) not in seen:
                seen.add(real)
                waiting += path.iterdir()
        except (OSError, RuntimeError):
            continue
