"""`course kit`: a copy of the course that an instructor hands to learners."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from grader.cli.common import StatusLine, current_course
from grader.cli.output_file import note
from grader.content.libraries import install_command
from grader.files import near


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--wheel", is_flag=True, help="Also write wheels that learners install, next to DIR.")
@click.option(
    "--force", is_flag=True, help="Replace a kit that is already in DIR. Other files in DIR are kept."
)
def kit(directory: Path, wheel: bool, force: bool) -> None:
    """Write a learner's copy of the course: no solutions, hidden tests, answers or explanations.

    With the kit in DIR, learners read the lesson, write code, run the visible
    tests and record their quiz answers. The full course grades what they hand in.
    Scores are the same as with the full course.

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
    click.echo(f"Wrote {directory}: version {written.version}, without its {hidden} hidden tests")
    from grader.content.course import Course
    from grader.own_wheel import other_kit_wheels, write_kit_wheels

    made, beside, version = Course(directory), directory.resolve().parent, f"0+{written.version}"
    for path in other_kit_wheels(beside, made, version):
        note(
            f"{near(path)} holds an earlier version of this kit, so delete it"
            f"{'' if wheel else '; to write a new one, add --wheel and --force'}"
        )
    if wheel:
        paths = write_kit_wheels(beside, made, version)
        for path in paths:
            click.echo(f"Wrote {path}")
        click.echo(f"Learners run: pip install {' '.join(quote(f'./{path.name}') for path in paths)}")
        click.echo("Then: course")
    elif course.libraries:
        click.echo(f"Learners run: {install_command(course.libraries)}")
        click.echo(f"Then: course --course {quote(str(directory))}")
    else:
        click.echo(f"Learners run: course --course {quote(str(directory))}")
