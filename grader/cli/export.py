"""`course export`: questions, grades, essays, feedback and exercises in the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import current_course
from grader.cli.export_essays import essays
from grader.cli.export_feedback import feedback
from grader.cli.export_mistake import mistake
from grader.cli.output_file import PRINTED, check_is_none_of, check_is_outside, note, output_option, put
from grader.cli.run_files import check_is_no_run_file, note_if_unfinished
from grader.content.libraries import missing
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.classroom.exports.grades import Grades


@click.group()
def export() -> None:
    """Export questions, grades, feedback and exercises to Canvas, Moodle or Gradescope.

    `essays` writes a table for your own spreadsheet.

    \b
    Examples:
      course export quiz day4 --format qti -o day4.zip
      course export grades grades --format canvas -o grades.csv
      course export feedback grades feedback/
      course export essays grades -o essays.csv
      course export gradescope exercise-lstm -o autograder.zip
    """


export.add_command(essays)
export.add_command(feedback)
export.add_command(mistake)


@export.command()
@click.argument("quiz_id", metavar="QUIZ")
@click.option(
    "--format",
    "form",
    type=click.Choice(["qti", "moodle-xml", "gift"]),
    required=True,
    help="Format: qti for Canvas, moodle-xml or gift for Moodle.",
)
@click.option("--practice", is_flag=True, help="Export the practice questions of the lesson named by QUIZ.")
@output_option
def quiz(quiz_id: str, form: str, practice: bool, output: Path) -> None:
    """Write a quiz for another system, with all feedback.

    Drawn values are those of a learner's first sitting. Notes on stderr list
    whatever the format cannot express.

    \b
    Examples:
      course export quiz day4 --format moodle-xml -o day4.xml
      course export quiz day4 --practice --format gift -o practice.txt
    """
    if form == "qti":
        _check_is_file(output)
    course = current_course()
    course.check_whole("be exported")
    check_is_outside(output, course)
    source = course.practice(quiz_id) if practice else course.quiz(quiz_id)

    from grader.classroom.exports.bank import Notes, bank
    from grader.classroom.exports.gift import gift
    from grader.classroom.exports.moodle_xml import moodle_xml
    from grader.classroom.exports.qti import qti

    notes = Notes()
    questions = bank(source, course)
    write = {"qti": qti, "moodle-xml": moodle_xml, "gift": gift}[form]
    count = len(questions.questions)
    data = write(questions, notes)
    _say(notes.lines(questions))
    put(output, data, f"Wrote {output}: {count} question{'s' * (count != 1)}.")


@export.command()
@click.argument("path", metavar="[RESULTS]", default="grades", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "system",
    type=click.Choice(["canvas", "moodle", "gradescope-csv"]),
    required=True,
    help="The system that will read the grades.",
)
@click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A table with names and ids, exported from the system. For Canvas: its gradebook. For Moodle: a "
    "grading worksheet or the gradebook.",
)
@click.option(
    "--column",
    "columns",
    metavar="KEY=HEADER",
    multiple=True,
    help="Name a column of the roster. KEY is the id of an exercise or quiz, total for the sum of all "
    "work, or number, sid, login, email, name, first, last, grade. May be repeated.",
)
@click.option("--details", is_flag=True, help="List how each learner was matched with the roster.")
@output_option
@click.pass_context
def grades(
    context: click.Context,
    path: Path,
    system: Any,
    roster: Path | None,
    columns: tuple[str, ...],
    details: bool,
    output: Path,
) -> None:
    """Write the grades of a class for another system.

    RESULTS is the directory that `course grade` wrote, or its results.jsonl.
    Default: grades. Learners are matched with the roster by number, institution's
    id (sid), login, email or name, in this order. Names may differ in case, accents
    and order. A match that is ambiguous is refused.

    If work was not handed in or could not be graded, the cell keeps what the roster
    has. Notes name the grades of the roster that are replaced by lower or higher ones.
    Rosters may have any delimiter and encoding, and headers in several
    languages. --column names a header that is not recognized, or the column of an
    exercise.

    \b
    Examples:
      course export grades grades --format canvas --roster gradebook.csv -o grades.csv
      course export grades grades --format moodle --roster worksheet.csv -o grades.csv
      course export grades grades --format canvas --roster gradebook.csv \\
          --column "exercise-lstm=Homework 3 (88)" --details -o grades.csv
      course export grades grades --format moodle --roster worksheet.csv \\
          --column total=Grade -o grades.csv

    Exit code: 0 if every learner is in the file and had work to grade, 1 if not, or
    if the run is not finished.
    """
    from grader.classroom.catalogue import Catalogue
    from grader.classroom.exports.grades import grades as table_of
    from grader.classroom.exports.roster import read_roster
    from grader.classroom.read_results import OnDamage, read_results, read_run
    from grader.classroom.results import Status
    from grader.files import csv_text

    check_is_no_run_file(output, path)
    if roster is not None:
        check_is_none_of(output, [roster])
    course = current_course()
    check_is_outside(output, course)
    reading = read_results(path)
    catalogue = Catalogue(course)
    titles = {result.item: catalogue.title(result.item) for result in reading.results}
    named, of_items = _columns(columns, titles)
    known = None if roster is None else read_roster(roster, system, named)
    run = read_run(path, OnDamage.SKIP)
    without_work = {} if run is None else run.without_work
    table = table_of(reading.results, system, titles, known, of_items, without_work, str(roster))
    is_unfinished = note_if_unfinished(path, run, reading)
    failed = sorted({r.learner for r in reading.results if r.status is Status.FAILED})
    if failed:
        _say([f"{', '.join(failed)}: ungraded work has an empty cell; run `course grade` again"])
    idle = sorted({*without_work} - {result.learner for result in reading.results})
    if idle:
        _say([f"{', '.join(idle)}: no graded work, so there is no grade"])
    _say(table.notes)
    if details:
        _say(f"{who}: by {each.how}, {each.by}" for who, each in table.found.items())
    _say(table.left_out)
    matched = _matched(table)
    if output == PRINTED and matched:
        _say([matched])
    put(output, csv_text(table.rows).encode(), f"Wrote {output}. {matched}".rstrip())
    context.exit(1 if table.unknown or table.ambiguous or idle or is_unfinished else 0)


def _columns(options: Iterable[str], titles: Mapping[str, str]) -> tuple[dict[Any, str], dict[str, str]]:
    """Return the headers of `--column`: those of people's ids and names, and those of grades."""
    from grader.classroom.exports.grades import TOTAL
    from grader.classroom.exports.roster import Key

    named: dict[Any, str] = {}
    of_items: dict[str, str] = {}
    for option in options:
        key, equals, header = option.partition("=")
        if equals and key in (*titles, TOTAL):
            of_items[key] = header
        elif equals and key in [*Key]:
            named[Key(key)] = header
        elif len(titles) == 1:
            of_items[next(iter(titles))] = option
        else:
            raise CourseError(
                f"--column {option}: the part before = must be one of {', '.join([*titles, TOTAL, *Key])}"
            )
    return named, of_items


def _matched(table: Grades) -> str:
    """Return how many learners were matched by which kind of key, as a sentence."""
    from collections import Counter

    kinds = Counter(each.how for each in table.found.values())
    if not kinds:
        return ""
    counts = ", ".join(f"{count} by {how}" for how, count in sorted(kinds.items()))
    return f"Matched {len(table.found)} learner{'s' * (len(table.found) != 1)}: {counts}."


@export.command()
@click.argument("exercise_id", metavar="EXERCISE")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    help="Seed for the inputs of the tests, to reproduce a result. Default: a new one for each upload.",
)
@click.option("--no-sandbox", is_flag=True, help="Grade even if learner code cannot be confined.")
@output_option
def gradescope(exercise_id: str, seed: int | None, no_sandbox: bool, output: Path) -> None:
    """Write an exercise as an autograder for Gradescope.

    The zip file holds the hidden tests and the solution. Upload it, and do not
    share it. Choose Ubuntu 24.04 as the base image.

    If Gradescope's containers forbid bubblewrap, nothing is graded. With
    --no-sandbox, code is graded anyway, and each result says so. If the container
    runs as root, the code runs as another user, who cannot read the tests.

    \b
    Example:
      course export gradescope exercise-lstm -o autograder.zip
    """
    _check_is_file(output)
    course = current_course()
    course.check_whole("be exported")
    check_is_outside(output, course)
    lacking = missing(course.exercise(exercise_id).libraries)

    from grader.classroom.exports.gradescope import autograder
    from grader.files import write_whole

    write_whole(output, autograder(course, exercise_id, seed, not no_sandbox))
    _say(f"{library} is not installed here, so setup.sh installs its newest version" for library in lacking)
    if no_sandbox:
        _say(["if Gradescope's containers forbid bubblewrap, learner code can read the tests"])
    if seed is not None:
        _say(["all uploads get the same inputs, so learners can find them out over several uploads"])
    click.echo(f"Wrote {output}. It holds the hidden tests, so do not share it.")


def _check_is_file(output: Path) -> None:
    if output == PRINTED:
        raise CourseError("a zip file cannot be printed — name a file with -o")


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        note(line)
