"""Help for those who forgot to name a course: what a command used, and how to name another one."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.lazy import LazyGroup
from grader.errors import CourseError, UnknownIdError

if TYPE_CHECKING:
    from grader.content.course import Course

_OPTION = "--course"
_KINDS = ("lesson", "quiz", "exercise", "question or exercise", "lesson, quiz or exercise")
_USED = f"{__name__}.used"  # the course that is used because none is named


class CourseGroup(LazyGroup):
    """A group whose option --course goes before its commands."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except click.NoSuchOption as error:
            if error.option_name != _OPTION:
                raise
            command = context.invoked_subcommand or ""
            raise click.UsageError(
                f"{_OPTION} goes before the command: course {_OPTION} DIR {command} …", error.ctx
            ) from None
        except UnknownIdError as error:
            if _USED not in context.meta or error.kind not in _KINDS or error.is_near:
                raise
            raise CourseError(f"{error}\n{_other(context)}") from None


def _other(context: click.Context) -> str:
    command = context.invoked_subcommand or ""
    return (
        f"{context.meta[_USED]} was searched. For another course, put --course DIR before the command: "
        f"course --course DIR {command}".rstrip()
    )


def note_course_here(used: Course) -> None:
    """Note that the current directory is in a course, but another one is used. This is noted once.

    A course here is not another one if it has the same title, as in a checkout of the installed one.
    """
    from grader.cli.output_file import note

    context = click.get_current_context().find_root()
    is_first = _USED not in context.meta
    context.meta[_USED] = used.root
    here = _course_here() if is_first else None
    if here is None or here == used.root.resolve() or _title(here) == _title(used.root):
        return
    command = context.invoked_subcommand or ""
    named = shlex.quote(str(here)) if here != Path.cwd() else "."
    note(
        f"this directory is in a course, but the command uses the one in {used.root} — to use the course "
        f"here: course --course {named} {command}".rstrip()
    )


def _title(root: Path) -> str | None:
    """Return the title of a course, or None if it cannot be read."""
    from grader.content.course import Course

    try:
        return Course(root).about.title
    except CourseError:
        return None


def _course_here() -> Path | None:
    """Return the course in which the current directory is, or None."""
    from grader.content.course import COURSE_FILE

    try:
        here = Path.cwd()
        return next((each for each in (here, *here.parents) if (each / COURSE_FILE).is_file()), None)
    except OSError:  # the directory is gone
        return None
