"""`course nbgrader`: the course as nbgrader assignments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from grader.cli.common import StatusLine, current_course
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.notebook.grades import Assignment


@click.group()
def nbgrader() -> None:
    """Hand out and grade the course with nbgrader.

    \b
    Example:
      course nbgrader build day4 --course-dir rnn101
      cd rnn101
      nbgrader generate_assignment day4
      nbgrader autograde day4
      course nbgrader grades day4
    """


@nbgrader.command()
@click.argument("lesson_id", metavar="LESSON")
@click.option(
    "--course-dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Your nbgrader directory. It is created if necessary.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite edited cells and the config. Cells that you added are kept.",
)
def build(lesson_id: str, directory: Path, force: bool) -> None:
    """Write a lesson as source notebooks, with a config.

    The notebooks hold the lesson's text and questions, starter code and visible
    tests. Solutions, hidden tests and answers stay in the course. Cells that you
    added to an earlier build stay where they are. An existing config is not changed.

    \b
    Examples:
      course nbgrader build day4 --course-dir rnn101
      course --course my-course nbgrader build week1 --course-dir rnn101
    """
    from grader.judge.verdict import count
    from grader.notebook.build import Edited
    from grader.notebook.build import build as write

    course = current_course()
    is_bundled = click.get_current_context().find_root().obj is None
    grade_with = "" if is_bundled else str(course.root.resolve())
    edited = Edited.OVERWRITE if force else Edited.REFUSE
    status = StatusLine(wanted=True)
    try:
        built = write(course, lesson_id, directory, edited, grade_with, status.say)
    finally:
        status.say("")
    for path in built.notebooks:
        click.echo(f"Wrote {path}")
    for path, number in built.kept.items():
        click.echo(f"Kept {count(number, 'cell')} of yours in {path}")
    if built.config_written:
        click.echo(f"Wrote {built.config}")
    else:
        click.echo(f"Left {built.config} as it is")
    click.echo(f"Then: cd {quote(str(directory))} && nbgrader generate_assignment {lesson_id}")


@nbgrader.command()
@click.argument("assignment_id", metavar="[ASSIGNMENT]", required=False)
@click.option(
    "--course-dir",
    "directory",
    type=click.Path(path_type=Path),
    help="Your nbgrader directory. Default: the current directory.",
)
@click.option("--db", metavar="URL", help="Read this gradebook instead: sqlite:///… or postgresql://…")
@click.option(
    "--by",
    type=click.Choice(["learner", "exercise", "function", "question"]),
    help="Show one row per learner (the default), exercise, function or question.",
)
@click.option("--csv", "csv_to", metavar="FILE", help="Write all scores as CSV. Use - to print them.")
@click.option("--json", "as_json", is_flag=True, help="Print all scores as JSON.")
def grades(
    assignment_id: str | None,
    directory: Path | None,
    db: str | None,
    by: str | None,
    csv_to: str | None,
    as_json: bool,
) -> None:
    """Show the scores in a gradebook.

    The tables also show what is not graded, what you must grade by hand, which
    notebooks cannot be read and why, and which were submitted under another name. The
    gradebook is never modified. Its address comes from nbgrader_config.py.

    The CSV file has one row per learner for the total and for each exercise,
    function and question (column "kind"). It is UTF-8 with exact numbers. A score
    is empty if nothing has been graded. Text that starts with = + - or @ gets a
    leading apostrophe, so that spreadsheets do not run it as a formula. An
    existing FILE is replaced.

    \b
    Examples:
      course nbgrader grades day4 --course-dir rnn101
      course nbgrader grades --by function
      course nbgrader grades day4 --csv grades.csv
      course nbgrader grades --db postgresql://ada@localhost/rnn101
    """
    if sum((by is not None, csv_to is not None, as_json)) > 1:
        raise click.UsageError("--by, --csv and --json cannot be combined — use one at a time")
    if db is not None and directory is not None:
        raise click.UsageError("--db and --course-dir both name a gradebook — use one of them")
    from grader.errors import UnknownIdError
    from grader.files import csv_text
    from grader.notebook.grades import assignments, csv_rows
    from grader.notebook.read_gradebook import SUBMITTED, database_of, handed_in, read_gradebook
    from grader.notebook.unreadable import with_unreadable

    place = directory or Path()
    status = StatusLine(wanted=True)
    status.say("Reading the gradebook …")
    try:
        gradebook = read_gradebook(database_of(place) if db is None else db)
    finally:
        status.say("")
    records = [record for record in gradebook.records if assignment_id in (None, record.name)]
    if assignment_id is not None and not records:
        raise UnknownIdError("assignment", assignment_id, (record.name for record in gradebook.records))
    released = {record.name: record.notebooks for record in gradebook.records}
    files = handed_in(place, released) if db is None else None
    assigned = assignments(records, gradebook.learners, files)
    if files is not None:
        assigned = with_unreadable(assigned, files, place / SUBMITTED)
    if csv_to is not None:
        _write_csv(csv_text(csv_rows(assigned)), csv_to)
    elif as_json:
        import msgspec

        click.echo(json.dumps({"assignments": msgspec.to_builtins(assigned)}, indent=2))
    else:
        _show(assigned, by)


@nbgrader.command()
@click.argument("assignment_id", metavar="ASSIGNMENT")
@click.option(
    "--course-dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Your nbgrader directory. Default: the current directory.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def regrade(assignment_id: str, directory: Path, as_json: bool) -> None:
    """Autograde an assignment again, and show which scores have changed.

    This runs `nbgrader autograde ASSIGNMENT --force`. The earlier scores and
    autograded notebooks are kept in regrades/.

    \b
    Example:
      course nbgrader regrade day4 --course-dir rnn101
    """
    import msgspec

    from grader.cli.changes_table import changes_table, wide
    from grader.cli.text import screen
    from grader.files import write_whole
    from grader.notebook.regrading import autograde_again, keep_grades, score_changes

    before = _assignment(assignment_id, directory)
    place = keep_grades(directory, before)
    autograde_again(directory, assignment_id)
    after = _assignment(assignment_id, directory)
    changed = score_changes(before, after)
    write_whole(place / "changes.json", msgspec.json.format(msgspec.json.encode(changed)))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(changed)).decode())
        return
    for line in changes_table(changed, wide(screen())):
        click.echo(line)
    click.echo(f"The earlier scores: {place}")


def _assignment(assignment_id: str, directory: Path) -> Assignment:
    """Return one assignment of the gradebook. Raises UnknownIdError."""
    from grader.errors import UnknownIdError
    from grader.notebook.grades import assignments
    from grader.notebook.read_gradebook import database_of, read_gradebook

    gradebook = read_gradebook(database_of(directory))
    records = [record for record in gradebook.records if record.name == assignment_id]
    if not records:
        raise UnknownIdError("assignment", assignment_id, (record.name for record in gradebook.records))
    return assignments(records, gradebook.learners)[0]


def _show(assigned: Sequence[Assignment], by: str | None) -> None:
    from grader.cli.changes_table import wide
    from grader.cli.grades_tables import by_item, by_learner
    from grader.cli.text import screen
    from grader.notebook.grades import Kind

    page = wide(screen())
    if not assigned:
        click.echo("The gradebook holds no assignments yet: nbgrader generate_assignment adds one.")
    for number, assignment in enumerate(assigned):
        if number:
            click.echo()
        kind = None if by in (None, "learner") else Kind(by)
        lines = by_learner(assignment, page) if kind is None else by_item(assignment, kind, page)
        for line in lines:
            click.echo(line)


def _write_csv(text: str, file: str) -> None:
    from grader.files import write_whole

    data = text.encode(errors="replace")
    if file == "-":
        click.echo(data, nl=False)
        return
    with suppress(OSError), Path(file).open("rb") as old:
        if old.read(16).startswith(b"SQLite format 3"):
            raise CourseError(f"{file} is a database — name another file")
    write_whole(Path(file), data)
    click.echo(f"Wrote {file}", err=True)
