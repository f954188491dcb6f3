"""`course export essays`: a table of the essays of a class, to be marked in a spreadsheet."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from grader.cli.common import current_course
from grader.cli.output_file import PRINTED, check_is_outside, output_option, put
from grader.cli.run_files import check_is_no_run_file, note_if_unfinished
from grader.errors import CourseError, EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.classroom.class_file import ClassFile
    from grader.classroom.results import Result, RunRecord
    from grader.content.course import Course

_SHOWN = 5  # essays that an error names


@click.command()
@click.argument("path", metavar="[RESULTS]", default="grades", type=click.Path(path_type=Path))
@output_option
def essays(path: Path, output: Path) -> None:
    """Write a table of essays, to be marked in a spreadsheet.

    RESULTS is the directory that `course grade` wrote, or its results.jsonl.
    Default: grades. The table has a row for each essay that was handed in. Write the
    points into the column "points", and a sentence for the learner into "comment" if
    you like. Leave "points" empty if an essay is not marked yet. Then grade again with
    --marks. The file may have any delimiter and encoding, and numbers may have a
    decimal comma.

    Marks that count already are in the table. A file that holds other points or
    comments is not overwritten.

    \b
    Examples:
      course export essays grades -o essays.csv
      course grade submissions/ --again --marks essays.csv
    """
    from grader.classroom.essay_marks import HEADER, rows
    from grader.classroom.read_results import OnDamage, read_results, read_run
    from grader.files import csv_text
    from grader.judge.verdict import count

    check_is_no_run_file(output, path)
    course = current_course()
    check_is_outside(output, course)
    reading = read_results(path)
    run = read_run(path, OnDamage.SKIP)
    note_if_unfinished(path, run, reading)
    found = rows(reading.results)
    if not found:
        raise CourseError(f"{path} holds no essays — grade a quiz that has a question of kind essay")
    if output != PRINTED and output.is_file():
        _check_loses_nothing(output, reading.results, run, _class_file(run, course, reading.results))
    # without a byte order mark, Excel reads UTF-8 as another encoding
    encoding = "utf-8" if output == PRINTED else "utf-8-sig"
    left = sum(row[HEADER.index("points")] is None for row in found)
    message = f"Wrote {output}: {count(len(found), 'essay')}, {left} without points."
    put(output, csv_text([HEADER, *found]).encode(encoding), message)


def _check_loses_nothing(
    output: Path, results: Sequence[Result], run: RunRecord | None, class_file: ClassFile | None
) -> None:
    """Raise CourseError unless the output is an earlier table whose marks the results have."""
    from grader.classroom.essay_marks import WANTED, missing_marks
    from grader.classroom.spreadsheet import read_table
    from grader.files import near
    from grader.wording import first_of

    try:
        text = read_table(output, WANTED)
        missing = missing_marks(text, output, results, class_file) if text.strip() else ()
    except EnvironmentProblem:
        raise
    except CourseError:
        raise CourseError(f"{output} exists, and is not a table of essays — name another file") from None
    if missing:
        named = first_of(missing, _SHOWN, "; ")
        graded = "DIR" if run is None else quote(near(run.directory))
        raise CourseError(
            f"{output} has points or comments that are not in the results: {named} — "
            f"apply them with `course grade {graded} --again --marks {quote(str(output))}`, "
            "or name another file"
        )


def _class_file(run: RunRecord | None, course: Course, results: Sequence[Result]) -> ClassFile | None:
    """Return the class file of a run, whose groups a row may name."""
    from grader.classroom.class_file import class_file_of
    from grader.classroom.class_names import with_known_names

    with suppress(CourseError):
        if run is not None and run.class_text:
            items = (*course.exercise_ids, *course.quiz_ids)
            path = Path(run.class_file or "")
            known = {**run.without_work, **{each.learner: each.owner for each in results}}
            return with_known_names(class_file_of(run.class_text, path, items), run.class_text, path, known)
    return None
