"""Help for those who forgot to name a course: what a command used, and how to name another one."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from grader.cli.lazy import LazyGroup
from grader.errors import CourseError, UnknownIdError

_OPTION = "--course"
_KINDS = ("lesson", "quiz", "exercise", "question or exercise", "lesson, quiz or exercise")
_NOTED = f"{__name__}.noted"


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
            if context.obj is not None or error.kind not in _KINDS or error.is_near:
                raise
            raise CourseError(f"{error}\n{_other(context)}") from None


def _other(context: click.Context) -> str:
    from grader.content.course import Course

    command = context.invoked_subcommand or ""
    return (
        f"{Course.named().root} was searched. For another course, put --course DIR before the command: "
        f"course --course DIR {command}".rstrip()
    )


def note_course_here(used: Path) -> None:
    """Note that the current directory is in a course, but another one is used. This is noted once."""
    from grader.cli.output_file import note

    context = click.get_current_context().find_root()
    here = _course_here()
    if here is None or here == used.resolve() or _NOTED in context.meta:
        return
    context.meta[_NOTED] = True
    command = context.invoked_subcommand or ""
    named = shlex.quote(str(here)) if here != Path.cwd() else "."
    note(
        f"this directory is in a course, but the command uses the one in {used} — to use the course here: "
        f"course --course {named} {command}".rstrip()
    )


def _course_here() -> Path | None:
    """Return the course in which the current directory is, or None."""
    from grader.content.course import COURSE_FILE

    try:
        here = Path.cwd()
        return next((each for each in (here, *here.parents) if (each / COURSE_FILE).is_file()), None)
    except OSError:  # the directory is gone
        return None
