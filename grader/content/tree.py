"""The files of a course: plain files under plain names, and no links that lead out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.content.yaml_core import HARMFUL
from grader.errors import CourseError


def check_tree(root: Path, names: Iterable[str]) -> None:
    """Check these parts of a course. Raises CourseError.

    A link that leads out of the course could put private files into what learners get. A pipe would
    be read forever, and a terminal obeys control characters in a name.
    """
    inside = root.resolve()
    for path in _paths([root / name for name in names]):
        if HARMFUL.search(path.name):
            raise CourseError(f"a file in {path.parent} is called {path.name!r} — give it a plain name")
        try:
            target = path.resolve()
            is_plain = path.is_file() or path.is_dir() or not path.exists()
        except (OSError, RuntimeError):  # links in a circle: whoever reads the file reports them
            continue
        if not target.is_relative_to(inside):
            raise CourseError(
                f"{path} is a link that leads out of the course, to {target} — put a copy of the file there"
            )
        if not is_plain:
            raise CourseError(f"{path} is not a file but a pipe or device — delete it")


def _paths(parts: list[Path]) -> Iterator[Path]:
    """Yield all paths at and below these, also in directories that links lead to."""
    waiting, seen = list(parts), set()
    while waiting:
        path = waiting.pop()
        yield path
        try:
            if path.is_dir() and (real := path.resolve()) not in seen:
                seen.add(real)
                waiting += path.iterdir()
        except (OSError, RuntimeError):
            continue
