"""`course progress`: where the learner stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.progress.attempt import Attempt
    from grader.progress.log import AttemptLog
    from grader.progress.standing import Standing

SQLITE = b"SQLite format 3\0"  # how a log begins


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print your progress as JSON.")
@click.option(
    "--export", "export_to", metavar="FILE", help="Write all attempts as JSON Lines. Use - to print them."
)
@click.option(
    "--import",
    "import_from",
    metavar="FILE",
    help="Add attempts from an exported file. Use - for standard input.",
)
@click.option("--plot", "plot_to", metavar="FILE", help="Write a chart of what you know (.png, .svg, .pdf).")
def progress(as_json: bool, export_to: str | None, import_from: str | None, plot_to: str | None) -> None:
    """Show your scores, the concepts you know, and what to do next.

    Use --export and --import to move your progress to another machine. You can
    import a file twice: attempts that are already in the log are left out. A copy
    that `course reset` made can be imported, too.

    \b
    Examples:
      course progress
      course progress --export progress.jsonl
      course progress --import progress.jsonl
      course progress --plot progress.png
    """
    if sum(file is not None for file in (export_to, import_from, plot_to)) + as_json > 1:
        raise click.UsageError("--json, --export, --import and --plot cannot be combined — use one at a time")
    from grader.cli.common import attempt_log

    log = attempt_log()
    if export_to is not None:
        _export(log, export_to)
    elif import_from is not None:
        _import(log, import_from)
    elif plot_to is not None:
        from grader.cli.common import current_course
        from grader.cli.progress_plot import save_plot

        save_plot(standing_in(current_course(), log), plot_to)
    else:
        _show(log, as_json)


def kit_lines(course: Course, standing: Standing, log: AttemptLog) -> Iterator[str]:
    """Yield the lines about a learner's kit: its quizzes, who marks them, and what to hand in."""
    if course.kit is None:
        return
    from grader.cli.kit_quiz import answered
    from grader.tutor.hand_in import hand_in_line
    from grader.tutor.kit_answers import recorded_answers

    attempts = log.attempts()
    quizzes = [*map(course.sealed_quiz, course.sealed_quiz_ids)]
    for quiz in quizzes:
        yield f"{answered(quiz, recorded_answers(quiz, attempts))} `course quiz {quiz.id}`"
    yield hand_in_line(course, quizzes, standing.exercises, attempts)
    yield "This is a learner's kit: your instructor runs the hidden tests and marks the answers."


def standing_in(course: Course, log: AttemptLog) -> Standing:
    """Return the learner's standing."""
    from datetime import UTC, datetime

    from grader.progress.evidence import Contents
    from grader.tutor.standing import learner_standing

    return learner_standing(course, Contents.of(course), log.attempts(), datetime.now(UTC))


def _show(log: AttemptLog, as_json: bool) -> None:
    from grader.cli.common import current_course

    course = current_course()
    standing = standing_in(course, log)
    if as_json:
        import msgspec

        click.echo(json.dumps(msgspec.to_builtins(standing), indent=2))
        return
    from grader.cli.progress_tables import tables
    from grader.cli.text import screen

    page = screen()
    for line in tables(standing, page, kit=course.kit is not None):
        click.echo(line)
    for line in kit_lines(course, standing, log):
        click.echo(page.wrap(line))


def _export(log: AttemptLog, file: str) -> None:
    from grader.errors import CourseError
    from grader.files import write_whole
    from grader.progress.jsonl import to_lines

    if file != "-" and Path(file).resolve() == log.path.resolve():
        raise CourseError(f"{file} is the log itself — name another file")
    lines = list(to_lines(log.attempts()))
    if file == "-":
        for line in lines:
            click.echo(line.encode() + b"\n", nl=False)
        return
    write_whole(Path(file), b"".join(line.encode() + b"\n" for line in lines))
    click.echo(f"{len(lines)} attempts written to {file}.", err=True)


def _import(log: AttemptLog, file: str) -> None:
    from grader.content.problem import Problem
    from grader.progress.jsonl import from_lines, import_refused

    data, name = (sys.stdin.buffer.read(), "standard input") if file == "-" else (_read(file), file)
    if file != "-" and data.startswith(SQLITE):
        numbered = [*enumerate(_attempts_in(Path(file)), 1)]
    else:
        numbered = from_lines(data.split(b"\n"), name)
    added, contradicting = log.merge([attempt for _, attempt in numbered])
    if contradicting:
        contradiction = "the log has a different attempt with this id"
        problems = [
            Problem(name, number, contradiction, "delete the line, because recorded attempts cannot change")
            for number, attempt in numbered
            if attempt in contradicting
        ]
        raise import_refused(problems)
    if not numbered:
        click.echo(f"{name} holds no attempts.", err=True)
        return
    click.echo(f"{added} attempts added; {len(numbered) - added} were already there.", err=True)


def _attempts_in(path: Path) -> list[Attempt]:
    """Return the attempts in a copy of a log. Raises CourseError."""
    from contextlib import closing

    from grader.errors import CourseError, EnvironmentProblem
    from grader.progress.jsonl import check_import
    from grader.progress.log import AttemptLog

    try:
        with closing(AttemptLog(path)) as copy:
            attempts = copy.attempts()
        for attempt in attempts:
            check_import(attempt)
        return attempts
    except (EnvironmentProblem, ValueError) as error:
        found = str(error).partition(" — ")[0]
        raise CourseError(f"{found} — import a copy that `course reset` made, or an exported file") from None


def _read(file: str) -> bytes:
    from grader.errors import CourseError

    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CourseError(f"{file} cannot be read: {error.strerror} — check the name") from None
