"""`course nbgrader`: the course as assignments of nbgrader."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from grader.cli.common import StatusLine, current_course


@click.group()
def nbgrader() -> None:
    """Hand the course out, and grade it, with nbgrader.

    \b
    Example:
      course nbgrader build day4 --course-dir rnn101
      cd rnn101
      nbgrader generate_assignment day4
    """


@nbgrader.command()
@click.argument("lesson_id", metavar="LESSON")
@click.option(
    "--course-dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Your nbgrader directory; it is made if it is not there.",
)
@click.option("--force", is_flag=True, help="Overwrite edited notebooks, and the config but for its seed.")
def build(lesson_id: str, directory: Path, force: bool) -> None:
    """Write a lesson, its questions and its exercises as source notebooks, and a config.

    The notebooks hold starters and visible tests; solutions, hidden tests and
    answers stay in the course. A config that is there already is left as it is.

    \b
    Examples:
      course nbgrader build day4 --course-dir rnn101
      course --course my-course nbgrader build week1 --course-dir rnn101
    """
    from grader.notebook.build import build as write

    course = current_course()
    own_course = click.get_current_context().find_root().obj is not None
    status = StatusLine(wanted=True)
    try:
        built = write(course, lesson_id, directory, own_course, force, status.say)
    finally:
        status.say("")
    for path in built.notebooks:
        click.echo(f"Wrote {path}")
    if built.config_written:
        click.echo(f"Wrote {built.config}")
    else:
        click.echo(f"Left {built.config} as it is")
    click.echo(f"Then: cd {quote(str(directory))} && nbgrader generate_assignment {lesson_id}")
