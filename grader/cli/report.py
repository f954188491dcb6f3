"""`course report`: the results of a class, analyzed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import current_course
from grader.cli.output_file import check_is_none_of, check_is_outside, note
from grader.cli.run_files import check_is_no_run_file
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.classroom.class_report import ClassReport, OwnCodeAnswers
    from grader.classroom.class_table import Order
    from grader.classroom.results import Result
    from grader.classroom.shared_code import Sources
    from grader.content.course import Course

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("path", metavar="[RESULTS]", default="grades", type=click.Path(path_type=Path))
@click.option(
    "--submissions",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True),
    help="The submissions, to find similar code. Default: the directory that was graded.",
)
@click.option(
    "--own-code",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Mark the answers noted in DIR, which `course grade --own-code` wrote.",
)
@click.option("-o", "--html", "html_to", metavar="FILE", type=_FILE, help="Write an HTML page.")
@click.option(
    "--csv",
    "csv_to",
    metavar="FILE",
    type=_FILE,
    help="Write a CSV file with one row per number. Use - to print it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--changes", "only_changes", is_flag=True, help="Show only what grading again changed.")
@click.option(
    "--sort",
    type=click.Choice(["total", "name"]),
    default="total",
    show_default=True,
    help="Order of the learners in the table. By total, the lowest comes first.",
)
@click.option(
    "--anonymous",
    is_flag=True,
    help="Replace learners' names with stable pseudonyms, and leave out code, which may hold names.",
)
def report(
    path: Path,
    submissions: Path | None,
    own_code: Path | None,
    html_to: Path | None,
    csv_to: Path | None,
    as_json: bool,
    only_changes: bool,
    sort: str,
    anonymous: bool,
) -> None:
    """Show what a class has understood and who needs help first.

    RESULTS is the directory that `course grade` wrote, or its results.jsonl.
    Default: grades. The report begins with a table of learners and functions. Then
    it names who needs help and why, and the misconceptions with the share of learners
    who hold them. It says which tests and questions are too easy, too hard or unclear,
    and lists similar code. The page shows all details; the terminal shows the first
    of each.

    Wrong answers that no known mistake explains are grouped by behavior. To answer a
    group, write feedback.yaml into RESULTS; `course export feedback` shows your
    sentence to all its learners:

    \b
      sentences:
        - exercise: exercise-lstm
          function: create_sequences
          group: g3fa80c11d2e94b07
          says: Look at which value follows the last window.

    With --own-code, the report also shows who passes the tests, and how many questions
    about their own code they answered. Note what they say in DIR/answers.csv: a
    letter, the text of an option, a value, or - if they had no answer. Leave empty what
    you did not ask. An answer that cannot be marked is named, and the others count.

    \b
    Examples:
      course report
      course report grades --submissions collected
      course report grades -o class.html
      course report grades -o class.html --sort name --anonymous
      course report grades --csv class.csv
      course report grades --own-code talks
      course report grades --changes
    """
    if only_changes:
        if submissions or own_code or html_to or csv_to or anonymous:
            raise click.UsageError("--changes can be combined only with --json")
        _show_changes(path, as_json)
        return
    if as_json and csv_to == Path("-"):
        raise click.UsageError("--json and --csv - both print — write the CSV to a file")
    _check_outputs(path, html_to, csv_to)
    from grader.classroom.class_table import Order

    analysis, names = _analyzed(path, submissions, own_code, Order(sort), anonymous)
    if csv_to is not None:
        from grader.classroom.report_rows import rows
        from grader.files import csv_text, write_whole

        text = csv_text(rows(analysis))
        if csv_to == Path("-"):
            click.echo(text, nl=False)
        else:
            write_whole(csv_to, text.encode())
            click.echo(f"Wrote {csv_to}", err=True)
    if html_to is not None:
        from grader.classroom.class_page.page import page
        from grader.classroom.known_names import with_names
        from grader.files import write_whole

        write_whole(html_to, page(with_names(analysis, names)).encode())
        click.echo(f"Wrote {html_to}", err=True)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(analysis)).decode())
    elif csv_to is None and html_to is None:
        from grader.classroom.known_names import with_names
        from grader.cli.report_tables import tables
        from grader.cli.text import screen

        for line in tables(with_names(analysis, names), screen()):
            click.echo(line)


def _check_outputs(path: Path, html_to: Path | None, csv_to: Path | None) -> None:
    """Raise CourseError if an output would replace a file of the run or the course, or the other output."""
    for output in (html_to, csv_to):
        if output is not None:
            check_is_no_run_file(output, path)
            check_is_outside(output, current_course())
    if html_to is not None and csv_to is not None:
        check_is_none_of(csv_to, [html_to])


def _analyzed(
    path: Path, submissions: Path | None, own_code: Path | None, order: Order, anonymous: bool
) -> tuple[ClassReport, Mapping[str, str]]:
    """Return the report on the results in `path` and the names to show. Note what could not be read."""
    from grader.classroom.catalogue import Catalogue
    from grader.classroom.grouping import check_sentences, groups, read_sentences
    from grader.classroom.known_names import known_names
    from grader.classroom.namesakes import namesakes_in
    from grader.classroom.read_results import OnDamage, read_results, read_run
    from grader.classroom.statistics import class_report
    from grader.classroom.unfinished import incomplete

    reading = read_results(path)
    run = read_run(path, OnDamage.SKIP)
    stopped = incomplete(path, run, reading)
    if stopped is not None:
        note(stopped)
    results: Sequence[Result] = reading.results
    course = current_course()
    _report_unknown_items(course, results)
    without_work = {} if run is None else run.without_work
    learners: Sequence[str] = [*without_work]
    absent: Sequence[str] = () if run is None else run.absent
    names = {} if anonymous else known_names(results, without_work)
    sources: Sources | None = None
    if submissions is not None:
        sources, learners = class_of(course, path, results, submissions)
    elif run is not None and Path(run.directory).exists():
        try:
            sources, _ = class_of(course, path, results, Path(run.directory))
        except CourseError as error:
            note(f"Only identical code was searched for: {error}.")
    answers = () if own_code is None else _own_answers(own_code, results)
    if anonymous:
        results, sources, learners, absent, answers = _anonymous(results, sources, learners, absent, answers)
    directory = path if path.is_dir() else path.parent
    sentences = read_sentences(directory)
    if sentences:
        exercises = {each: course.exercise(each) for each in course.exercise_ids}
        for line in check_sentences(directory, sentences, results, exercises):
            note(line)
    found = groups(results, sentences, None if anonymous else sources)
    analysis = class_report(
        results,
        Catalogue(course),
        sources,
        learners,
        found,
        answers,
        absent=absent,
        namesakes=() if anonymous else namesakes_in(results, without_work),
        stopped=stopped,
        order=order,
        with_code=not anonymous,
    )
    return analysis, names


def _show_changes(path: Path, as_json: bool) -> None:
    """Show what changed from each run of a directory to the next."""
    from grader.classroom.changes import steps
    from grader.classroom.history import runs_in

    runs = runs_in(path if path.is_dir() else path.parent)
    if as_json:
        import msgspec

        told = [
            {"seed": run.record.seed, "versions": run.record.exercises, "changes": changed}
            for run, changed in steps(runs)
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
        return
    from grader.cli.changes_table import changes_table, wide
    from grader.cli.text import screen

    if len(runs) == 1:
        click.echo("There is one run only: nothing has been graded again.")
    for number, (_, changed) in enumerate(steps(runs), 1):
        click.echo(f"From run {number} to run {number + 1}:")
        for line in changes_table(changed, wide(screen())):
            click.echo(line)


def _report_unknown_items(course: Course, results: Sequence[Result]) -> None:
    """Name exercises and quizzes that the course does not have: it may be the wrong course."""
    unknown = {result.item for result in results} - {*course.exercise_ids, *course.quiz_ids}
    if unknown:
        click.echo(
            f"Note: {course.root} does not have {', '.join(sorted(unknown))}, so only ids are shown — "
            "use --course to name the course that was graded",
            err=True,
        )


def class_of(
    course: Course, out: Path, results: Sequence[Result], directory: Path
) -> tuple[Sources, Sequence[str]]:
    """Return the code of the graded exercises as exercise -> learner -> code, and the learners.

    Submissions are read as `course grade` reads them. Raises CourseError.
    """
    from grader.classroom.intake import take_in
    from grader.classroom.read_results import OnDamage, read_run
    from grader.classroom.system_names import NameRule
    from grader.classroom.wanted import Wanted

    run = read_run(out, OnDamage.SKIP)
    wanted = Wanted(course) if run is None else Wanted(course, run.only_exercises, run.only_quizzes)
    rule = None if run is None or run.names is None else NameRule(run.names)
    intake = take_in(directory, wanted, out, rule)
    graded = {(result.item, result.place[0]) for result in results if result.report is not None}
    code_of: dict[str, dict[str, str]] = {}
    for each in intake.handed:
        if each.submission is not None and (each.item, each.learner) in graded:
            code = "\n".join(cell.source for cell in each.submission.cells)
            code_of.setdefault(each.item, {})[each.learner] = code
    if graded and not code_of:
        raise CourseError(
            f"{directory} holds none of the graded code — name the DIR that was given to `course grade`"
        )
    groups = {result.place[0] for result in results} - {result.learner for result in results}
    return code_of, [learner for learner in intake.learners if learner not in groups]


def _own_answers(directory: Path, results: Sequence[Result]) -> tuple[OwnCodeAnswers, ...]:
    from grader.classroom.own_answers import read_own_answers

    marked = read_own_answers(directory, results)
    for line in marked.notes:
        note(line)
    return marked.answers


def _anonymous(
    results: Sequence[Result],
    sources: Sources | None,
    learners: Sequence[str],
    absent: Sequence[str],
    answers: tuple[OwnCodeAnswers, ...],
) -> tuple[Sequence[Result], Sources | None, Sequence[str], Sequence[str], tuple[OwnCodeAnswers, ...]]:
    from msgspec.structs import replace

    from grader.classroom.anonymity import anonymous, pseudonyms

    names = pseudonyms([*learners, *absent, *(result.learner for result in results)])
    if sources is not None:
        sources = {
            item: {names[learner]: source for learner, source in by_learner.items()}
            for item, by_learner in sources.items()
        }
    return (
        [anonymous(result, names) for result in results],
        sources,
        [names[each] for each in learners],
        [names[each] for each in absent],
        tuple(replace(each, learner=names[each.learner]) for each in answers),
    )
