"""`course start`: write an exercise's starter file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import current_course, the_exercise
from grader.content.file_names import file_stem
from grader.errors import CourseError
from grader.files import not_written

if TYPE_CHECKING:
    from grader.content.course import Course


@click.command()
@click.argument("exercise_id", metavar="EXERCISE", required=False)
@click.option("--notebook", is_flag=True, help="Write a Jupyter notebook instead of a .py file.")
def start(exercise_id: str | None, notebook: bool) -> None:
    """Write an exercise's starter file into this directory. Existing files are never overwritten.

    The exercise's data files are written into data/. To get them again, delete yours
    and repeat the command. You can leave out EXERCISE if the course has only one.
    If it has several, they are listed.

    \b
    Examples:
      course start exercise-lstm
      course start exercise-lstm --notebook
    """
    course = current_course()
    exercise_id = the_exercise(course, exercise_id, begun=False)
    exercise = course.exercise(exercise_id)
    for line in write_data(course, exercise_id):
        click.echo(line)
    write = write_starter_notebook if notebook else write_starter_code
    path = write(course, exercise_id)
    click.echo(f"Wrote {path}: {len(exercise.functions)} functions to write.")
    if exercise.may_use:
        click.echo(exercise.may_use)
    _warm_up(course, exercise_id)
    click.echo(f"Next: course check {exercise_id}" + (f" {path}" if notebook else ""))


def _warm_up(course: Course, exercise_id: str) -> None:
    """Start the judge that stays in memory, so that the first check is fast, too."""
    from grader.judge.client.resident import start_resident

    start_resident(course, exercise_id)


def write_data(course: Course, exercise_id: str) -> list[str]:
    """Write the exercise's data files, and return a line about each that there is to tell of."""
    from grader.tutor.data_files import differs, give_data

    given = give_data(course, exercise_id)
    return [*(f"Wrote {path}." for path in given.written), *map(differs, given.differing)]


def write_starter_code(course: Course, exercise_id: str) -> Path:
    """Write the starter as a .py file and return its path. Raises CourseError if the file exists."""
    return _write_new(Path(f"{file_stem(exercise_id)}.py"), _starter(course, exercise_id))


def write_starter_notebook(course: Course, exercise_id: str) -> Path:
    """Write the starter as a notebook and return its path. Raises CourseError if the file exists."""
    from grader.content.notebook import starter_notebook

    text = starter_notebook(course.exercise(exercise_id), _starter(course, exercise_id))
    return _write_new(Path(f"{file_stem(exercise_id)}.ipynb"), text)


def _starter(course: Course, exercise_id: str) -> str:
    from grader.content.yaml_core import read_text

    return read_text(course.exercise_dir(exercise_id) / "starter.py")


def _write_new(path: Path, text: str) -> Path:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise CourseError(
            f"{path} already exists and is not changed — rename it to start again, or check it"
        ) from None
    except OSError as error:
        with suppress(OSError):  # a part of it, which would look like the learner's work
            path.unlink(missing_ok=True)
        raise not_written(path, error, "change to a directory you can write to") from None
    return path
