"""`course export`: questions, grades and exercises in the forms of other systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import current_course
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.content.course import Course

_PRINTED = Path("-")
_OUTPUT = click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="The file to write; - prints, if it is text.",
)


@click.group()
def export() -> None:
    """Take questions, grades and exercises to Canvas, Moodle or Gradescope.

    \b
    Examples:
      course export quiz day4 --format qti -o day4.zip
      course export grades out --format canvas -o grades.csv
      course export gradescope exercise-lstm -o autograder.zip
    """


@export.command()
@click.argument("quiz_id", metavar="QUIZ")
@click.option(
    "--format",
    "form",
    type=click.Choice(["qti", "moodle-xml", "gift"]),
    required=True,
    help="qti for Canvas, moodle-xml or gift for Moodle.",
)
@click.option("--practice", is_flag=True, help="The questions to practise with; QUIZ is their lesson.")
@_OUTPUT
def quiz(quiz_id: str, form: str, practice: bool, output: Path) -> None:
    """Write a quiz for another system, with what is said to each answer.

    Drawn values are those of everybody's first turn. What the format cannot
    say as the course does, is told on stderr.

    \b
    Examples:
      course export quiz day4 --format moodle-xml -o day4.xml
      course export quiz day4 --practice --format gift -o practice.txt
    """
    if form == "qti":
        _check_is_file(output)
    course = current_course()
    course.check_whole("be exported")
    _check_is_outside(output, course)
    source = course.practice(quiz_id) if practice else course.quiz(quiz_id)

    from grader.classroom.exports.bank import Notes, bank
    from grader.classroom.exports.gift import gift
    from grader.classroom.exports.moodle_xml import moodle_xml
    from grader.classroom.exports.qti import qti

    notes = Notes()
    questions = bank(source)
    write = {"qti": qti, "moodle-xml": moodle_xml, "gift": gift}[form]
    count = len(questions.questions)
    data = write(questions, notes)
    _say(notes.lines(questions))
    _put(output, data, f"Wrote {output}: {count} question{'s' * (count != 1)}.")


@export.command()
@click.argument("path", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "system",
    type=click.Choice(["canvas", "moodle", "gradescope-csv"]),
    required=True,
    help="The system that is to read the grades.",
)
@click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV that the system exported, for names and ids; for Canvas its gradebook.",
)
@_OUTPUT
@click.pass_context
def grades(context: click.Context, path: Path, system: Any, roster: Path | None, output: Path) -> None:
    """Write the grades of a class for another system.

    OUT is the directory that `course grade` wrote, or its results.jsonl. What
    was not handed in, or could not be graded, has an empty cell. Exit code: 1
    if the roster lacks a learner, or leaves in doubt who they are.

    \b
    Examples:
      course export grades out --format canvas --roster gradebook.csv -o grades.csv
      course export grades out --format moodle -o grades.csv
    """
    from grader.classroom.catalogue import Catalogue
    from grader.classroom.exports.grades import grades as table_of
    from grader.classroom.exports.grades import read_roster
    from grader.classroom.read_results import read_results
    from grader.classroom.results import RESULTS, RUN, Status
    from grader.classroom.store import GRADES, LOCK
    from grader.files import csv_text

    out = path if path.is_dir() else path.parent
    _check_is_none_of(output, [path, *(out / name for name in (RUN, RESULTS, GRADES, LOCK))])
    if roster is not None:
        _check_is_none_of(output, [roster])
    course = current_course()
    _check_is_outside(output, course)
    reading = read_results(path)
    catalogue = Catalogue(course)
    titles = {result.item: catalogue.title(result.item) for result in reading.results}
    known = None if roster is None else read_roster(roster, system)
    table = table_of(reading.results, system, titles, known)
    if reading.torn:
        _say(["the last line is torn off and left out: the run was stopped"])
    failed = sorted({r.learner for r in reading.results if r.status is Status.FAILED})
    if failed:
        _say([f"{', '.join(failed)}: something could not be graded here and has an empty cell; grade again"])
    if table.unknown:
        _say([f"{', '.join(table.unknown)}: not in {roster}; left out"])
    if table.ambiguous:
        names = ", ".join(table.ambiguous)
        _say(
            [
                f"{names}: more than one line of {roster} may be theirs, or one that may be "
                "another learner's; left out"
            ]
        )
    _put(output, csv_text(table.rows).encode(), f"Wrote {output}.")
    context.exit(1 if table.unknown or table.ambiguous else 0)


@export.command()
@click.argument("exercise_id", metavar="EXERCISE")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the tests' inputs from this seed.")
@click.option("--no-sandbox", is_flag=True, help="Grade there even where learner code cannot be confined.")
@_OUTPUT
def gradescope(exercise_id: str, seed: int | None, no_sandbox: bool, output: Path) -> None:
    """Write an exercise as an autograder for Gradescope.

    The zip holds the hidden tests and the solution: upload it, and hand it to
    nobody. Choose Ubuntu 24.04 as the base image. Without --seed one is drawn,
    the same for the whole class.

    Where Gradescope's containers forbid bubblewrap, nothing is graded: learner
    code could read the tests. With --no-sandbox it is graded all the same, and
    each result says so.

    \b
    Example:
      course export gradescope exercise-lstm -o autograder.zip
    """
    _check_is_file(output)
    course = current_course()
    course.check_whole("be exported")
    _check_is_outside(output, course)
    course.exercise(exercise_id)

    import secrets

    from grader.classroom.exports.gradescope import autograder
    from grader.files import write_whole

    used = secrets.randbelow(2**31) if seed is None else seed
    write_whole(output, autograder(course, exercise_id, used, not no_sandbox))
    if no_sandbox:
        _say(["where Gradescope's containers forbid bubblewrap, learner code can read the tests there"])
    click.echo(f"Wrote {output}, with seed {used}. It holds the hidden tests: keep it to yourself.")


def _put(output: Path, data: bytes, said: str) -> None:
    """Write the file and say so, or print the data, as bytes: the terminal's encoding may be another."""
    from grader.files import write_whole

    if output == _PRINTED:
        click.echo(data, nl=False)
    else:
        write_whole(output, data)
        click.echo(said)


def _check_is_file(output: Path) -> None:
    if output == _PRINTED:
        raise CourseError("this is a zip file and cannot be printed — name a file with -o")


def _check_is_none_of(output: Path, sources: Iterable[Path]) -> None:
    """Raise CourseError if the output is one of these files, by whatever path."""
    for source in sources:
        if output != _PRINTED and _is_same(output, source):
            raise CourseError(f"{output} would be written over — name another file with -o")


def _check_is_outside(output: Path, course: Course) -> None:
    """Raise CourseError if the output is among the files of the course."""
    from grader.content.course import PARTS

    if output == _PRINTED:
        return
    target = _resolved(output)
    for place in (target, *target.parents):
        if any(_is_same(place, course.root / part) for part in PARTS):
            raise CourseError(f"{output} is a place for the files of the course — name another file with -o")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there, or not for us
        return _resolved(one) == _resolved(other)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links that lead in a circle
        return path.absolute()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"Note: {line}", err=True)
