"""Shared by the commands of `course new`: the course to extend, its parts, and what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from grader.errors import CourseError
from grader.files import near

if TYPE_CHECKING:
    from grader.authoring.new.files import Files
    from grader.cli.asked_values import Values
    from grader.content.course import Course
    from grader.content.lesson import Lesson


def course_here() -> Course | None:
    """Return the course in this directory, unless --course or COURSE_DIR names one. Raises CourseError.

    Only authors' commands look here. A command that learners and graders run could otherwise be made
    to run the tests of a course that came with a submission.
    """
    from grader.content.course import COURSE_FILE, Course

    named = click.get_current_context().find_root().obj
    return Course(Path()) if named is None and Path(COURSE_FILE).is_file() else None


def author_course() -> Course:
    """Return the course that --course or COURSE_DIR names, or the one here. Raises CourseError."""
    from grader.content.course import Course

    named = click.get_current_context().find_root().obj
    found = course_here() if named is None else Course(Path(named))
    if found is None:
        raise CourseError(
            "this directory is not a course — change to one, name it with --course DIR, "
            "or start one: course new course DIR"
        )
    found.check_whole("be extended")
    return found


def the_lesson(here: Course, values: Values, given: str | None) -> Lesson:
    """Return the lesson that was named, the only one, or the one that is asked for. Raises CourseError."""
    ids = here.lesson_ids
    if not ids:
        raise CourseError("this course has no lesson — write one first: course new lesson")
    return here.lesson(_one_of(values, given, "lesson", {each: each for each in ids}))


def the_section(values: Values, owner: Lesson, given: str | None) -> str:
    """Return the section that was named, the only one, or the one that is asked for."""
    return _one_of(values, given, "section", {each.id: f"{each.id} {each.title}" for each in owner.sections})


def _one_of(values: Values, given: str | None, what: str, names: dict[str, str]) -> str:
    """Return the id that was named, the only one, or the one that is asked for; `names` are id -> name.

    If nobody can be asked, it is the last one, and a line says so.
    """
    from grader.cli.asked_values import one_of

    ids = [*names]
    if given is None and len(ids) == 1:
        return ids[0]
    question = f"{what.capitalize()} ({', '.join(names.values())})"
    chosen = values.value(given, f"--{what}", question, ids[-1], one_of(ids))
    if given is None and values.ended:
        others = " or ".join(f"--{what} {each}" for each in ids[:-1])
        click.echo(f"Chosen: {what} {names[chosen]}, because it is the last one. For another: {others}")
    return chosen


def write_files(here: Course, kind: str, files: Files) -> None:
    """Write the files with the schema that they name, and say which."""
    from grader.authoring.new.files import with_schema

    with_schema(here.root, kind, files).write(here.root)
    for name in files.created:
        click.echo(f"Wrote {near(here.root / name)}")
    for name in files.changed:
        click.echo(f"Added to {near(here.root / name)}")


def course_command() -> str:
    """Return `course` with the option that names the course, unless COURSE_DIR does."""
    root = click.get_current_context().find_root()
    if root.get_parameter_source("course_dir") is ParameterSource.ENVIRONMENT:
        return "course"
    return f"course --course {shlex.quote(str(root.obj or '.'))}"


def say_next(todo: str, command: str, item: str) -> None:
    """Say what to do next, and the command that checks it."""
    click.echo(f"Next: {todo}. Then: {course_command()} {command} {item}")
