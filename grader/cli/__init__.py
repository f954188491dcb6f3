"""The `course` command and its table of subcommands.

The table holds each subcommand's help line. A subcommand's module is imported
only when it runs, so `course --help` imports none of them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from grader import __version__
from grader.cli.which_course import CourseGroup
from grader.errors import CourseError

COMMANDS = {
    "lesson": ("grader.cli.lesson:lesson", "Read a lesson in the terminal."),
    "open": ("grader.cli.open:open_course", "Open the course in the browser, on this machine."),
    "learn": ("grader.cli.learn:learn", "Go through a lesson step by step, until you master it."),
    "quiz": ("grader.cli.quiz:quiz", "Take a quiz and get every answer explained."),
    "start": ("grader.cli.start:start", "Write an exercise's starter file."),
    "check": ("grader.cli.check:check", "Run an exercise's tests on your code."),
    "hint": ("grader.cli.hint:hint", "Show the next hint."),
    "compare": ("grader.cli.compare:compare", "Compare your function with the reference solution."),
    "review": ("grader.cli.review:review", "Review questions before you forget the answers."),
    "progress": ("grader.cli.progress:progress", "Show your scores and the concepts you know."),
    "reset": ("grader.cli.reset:reset", "Start again. A copy of your progress is kept."),
    "watch": ("grader.cli.watch:watch", "Check your code on every save."),
    "doctor": ("grader.cli.doctor:doctor", "Show what this machine can do and what is missing."),
    "nbgrader": ("grader.cli.nbgrader:nbgrader", "Hand out the course with nbgrader (instructors)."),
    "kit": ("grader.cli.kit:kit", "Write a learner's copy of the course (instructors)."),
    "grade": ("grader.cli.grade:grade", "Grade the submissions of a class (instructors)."),
    "report": ("grader.cli.report:report", "Show what a class has understood (instructors)."),
    "export": ("grader.cli.export:export", "Export to Canvas, Moodle or Gradescope (instructors)."),
    "new": ("grader.cli.new:new", "Start a course or a part of one from a template (authors)."),
    "validate": ("grader.cli.validate:validate", "Prove that a course and its tests are sound (authors)."),
    "preview": ("grader.cli.preview:preview", "See a course in the browser while you write it (authors)."),
    "schema": ("grader.cli.schema:schema", "Print the JSON Schema of a content file (authors)."),
}


@click.group(cls=CourseGroup, commands=COMMANDS, invoke_without_command=True)
@click.version_option(__version__, prog_name="course")
@click.option(
    "--course",
    "course_dir",
    type=click.Path(path_type=Path),
    envvar="COURSE_DIR",
    help="The course directory, or the name of an installed course. Default: COURSE_DIR, the bundled "
    "course, or the only one that is installed.",
)
@click.pass_context
def cli(context: click.Context, course_dir: Path | None) -> int:
    """A course that grades itself: read lessons, take quizzes, write code, see where you stand.

    Without a command, it shows your next step. At a terminal, Enter starts it.

    \b
    Examples:
      course
      course learn
      course quiz day4
      course start exercise-lstm
      course check exercise-lstm

    Your progress is saved on this machine. Set COURSE_HOME to save it in another
    directory. Set COURSE_PLAIN=1 for screen readers: nothing is redrawn, paged or
    colored.
    """
    context.obj = course_dir
    if context.invoked_subcommand is not None:
        return 0
    from grader.cli.home import greet

    return greet(context)


def main() -> None:
    """Run `course`. Every error that a user can meet ends with one sentence and an exit code."""
    _prepare_streams()
    try:
        code = cli.main(prog_name="course", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CourseError as error:
        click.echo(f"course: {error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as stopped:
        click.echo("\nStopped.", err=True)
        sys.exit(1 if _is_end_of_input(stopped) else 130)
    except BrokenPipeError:
        # the reader (`| head`) has stopped reading; keep Python from flushing to it again
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        with suppress(OSError):
            click.echo(f"course: {error.strerror or error} — check the disk and the terminal", err=True)
        sys.stdout = None
        sys.exit(3)
    sys.exit(code if isinstance(code, int) else 0)


def _is_end_of_input(stopped: BaseException) -> bool:
    """Return True if there was no more input, and nobody pressed Ctrl-C. click raises Abort for both."""
    return isinstance(stopped.__cause__ or stopped.__context__, EOFError)


def _prepare_streams() -> None:
    """Replace closed streams by empty ones, and let the output replace what it cannot encode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            null = os.open(os.devnull, os.O_RDWR)
            stream = os.fdopen(null, mode, encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
        if mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
