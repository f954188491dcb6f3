"""Checks that a command's output replaces none of its sources, and notes beside the output."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.content.course import Course

PRINTED = Path("-")


def check_is_none_of(output: Path, sources: Iterable[Path]) -> None:
    """Raise CourseError if the output is one of these files, even under another path."""
    for source in sources:
        if output != PRINTED and _is_same(output, source):
            raise CourseError(f"{output} would be overwritten — name another file with -o")


def check_is_outside(output: Path, course: Course) -> None:
    """Raise CourseError if the output is inside one of the course's directories."""
    from grader.content.course import PARTS

    if output == PRINTED:
        return
    target = _resolved(output)
    for place in (target, *target.parents):
        if any(_is_same(place, course.root / part) for part in PARTS):
            raise CourseError(f"{output} is inside the course — name another file with -o")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is missing or not accessible
        return _resolved(one) == _resolved(other)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # circular links
        return path.absolute()


def note(line: str) -> None:
    """Print a note where it does not mix with the output."""
    click.echo(f"Note: {line}", err=True)
