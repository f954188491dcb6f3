"""The output of a command: its option, checks that it replaces no source, and notes beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.content.course import Course

PRINTED = Path("-")

output_option = click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="The file to write. Use - to print a text format.",
)


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


def put(output: Path, data: bytes, message: str) -> None:
    """Write the file and print the message, or print the data as bytes, whatever the terminal's encoding."""
    from grader.files import write_whole

    if output == PRINTED:
        click.echo(data, nl=False)
    else:
        write_whole(output, data)
        click.echo(message)


def note(line: str) -> None:
    """Print a note where it does not mix with the output."""
    click.echo(f"Note: {line}", err=True)
