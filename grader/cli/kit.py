"""`course kit`: what an instructor hands to learners."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from grader.cli.common import StatusLine, current_course


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--wheel", is_flag=True, help="Write a wheel as well, next to DIR, with the kit inside.")
@click.option("--force", is_flag=True, help="Replace a kit that is in DIR; other files in it stay.")
def kit(directory: Path, wheel: bool, force: bool) -> None:
    """Write a course into DIR without solutions, hidden tests, mistakes, answers and explanations.

    In it learners read, write code, run the visible tests, and record their
    answers to the quiz. What they hand in, the whole course grades: to the same
    score as if they had had it.

    \b
    Examples:
      course kit day4-kit
      course kit day4-kit --wheel
      course --course my-course kit my-kit --force
    """
    from grader.authoring.kit import write_kit

    course = current_course()
    status = StatusLine(wanted=True)
    try:
        written = write_kit(course, directory, force, status.say)
    finally:
        status.say("")
    hidden = sum(exercise.hidden.tests for exercise in written.exercises.values())
    click.echo(f"Wrote {directory}: version {written.version}, without {hidden} hidden tests")
    if wheel:
        from grader.own_wheel import write_wheel

        path = write_wheel(directory.resolve().parent, directory, f"kit.{written.version}")
        click.echo(f"Wrote {path}")
        click.echo(f"Learners then: pip install {quote(path.name)}, and course")
    else:
        click.echo(f"Learners then: course --course {quote(str(directory))}")
