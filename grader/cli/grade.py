"""`course grade`: grade the submissions of a class."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import StatusLine, current_course

if TYPE_CHECKING:
    from grader.classroom.summary import Summary


class _NamedPath(click.Path):
    """A path that is not empty: an empty path would silently mean the current directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the name is empty — name a directory, or . for the current one", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("directory", metavar="DIR", type=_NamedPath(path_type=Path))
@click.option(
    "--exercise",
    "exercises",
    metavar="ID",
    multiple=True,
    help="Grade only this exercise. Repeat the option to name several.",
)
@click.option(
    "--quiz",
    "quizzes",
    metavar="ID",
    multiple=True,
    help="Grade only this quiz. Repeat the option to name several.",
)
@click.option(
    "--output",
    "-o",
    type=_NamedPath(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="Directory for the results.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Number of submissions to grade in parallel. Default: as many as this machine can take.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Grade on a Dask cluster. local:4 starts one with four workers on this machine.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), help="Seed for the inputs of the tests. Default: a new one."
)
@click.option(
    "--names",
    metavar="PATTERN",
    help="Regular expression for the names of directories and files. Its named groups say what they mean: "
    "login, sid, number, email, name (or first and last), group, attempt, time, late, file.",
)
@click.option("--resume", is_flag=True, help="Continue with the results in the output directory.")
@click.option(
    "--again",
    is_flag=True,
    help="Grade again what may have changed, and show what differs. The earlier run is kept.",
)
@click.option(
    "--class",
    "class_file",
    metavar="FILE",
    type=_NamedPath(path_type=Path, dir_okay=False),
    help="A class.yaml with due dates, late penalties, groups and decisions. Remembered for later runs.",
)
@click.option(
    "--marks",
    "marks_file",
    metavar="FILE",
    type=_NamedPath(path_type=Path, dir_okay=False),
    help="The points for essays, in the table that `course export essays` wrote. Remembered for later runs.",
)
@click.option(
    "--own-code",
    "own_code",
    metavar="DIR",
    type=_NamedPath(path_type=Path, file_okay=False),
    help="Then write a sheet per learner with questions about the learner's own code, and the keys apart.",
)
@click.option(
    "--bank",
    type=click.Choice(["qti", "moodle-xml", "gift"]),
    help="With --own-code, also write the questions as a question bank per learner: qti for Canvas, "
    "moodle-xml or gift for Moodle.",
)
@click.option("--no-sandbox", is_flag=True, help="Grade even if learner code cannot be confined.")
@click.option("--json", "as_json", is_flag=True, help="Print only the summary, as JSON.")
@click.pass_context
def grade(
    context: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    quizzes: tuple[str, ...],
    output: Path,
    jobs: int | None,
    scheduler: str | None,
    seed: int | None,
    names: str | None,
    resume: bool,
    again: bool,
    class_file: Path | None,
    marks_file: Path | None,
    own_code: Path | None,
    bank: str | None,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Grade all exercises and quizzes of a class that are in DIR.

    DIR holds one directory per learner. A learner's directory holds
    exercise_lstm.ipynb or exercise_lstm.py (named after the exercise),
    day4_answers.yaml (after the quiz) or day4.ipynb (after the lesson). DIR can
    also be nbgrader's "submitted" directory, or a zip file from Moodle, Canvas,
    Gradescope, Blackboard, Brightspace, Sakai or ILIAS. The results keep what the
    system says of each learner (number, login, email, group), so that
    `course export grades` finds them in its roster. Each member of a group gets the
    result. Of several attempts, the latest counts. With one --exercise, files can be
    named after learners instead: DIR/ada.py.

    Of several files for one exercise, a notebook counts before a .py file, the
    exact name before copies such as "exercise_lstm (2).py", and the copy with the
    highest number first. If another file would get a different score, the result
    has a note. Modules that the code imports are taken from the learner's files.

    The output directory receives grades.csv, and results.jsonl with every
    verdict. All inputs are drawn from one seed, which is recorded there. Use
    --resume after an interruption or when more work has been handed in.

    Use --again after a test or class.yaml was corrected, or essays were marked. Only
    work whose exercise has changed is judged again, with the same seed. A table shows
    who, which test, before, after, and why. The earlier run stays in grades/runs.

    --marks reads the table of `course export essays` after you wrote points into it, as
    any spreadsheet saves it. Its marks count before those of class.yaml.

    With --own-code, each learner whose functions pass gets a few questions whose answers
    come from that very code: DIR/sheets for a five-minute talk, DIR/keys for you. They
    give no points. Making them takes about as long as grading. --bank writes them for a
    learning platform, too, into DIR/banks.

    \b
    Examples:
      course grade submissions/
      course grade moodle-download.zip --output week4
      course grade homework/ --exercise exercise-lstm --jobs 4
      course grade download.zip --names '(?P<login>[^-]+)-(?P<file>.+)'
      course grade submissions/ --resume
      course grade submissions/ --class class.yaml
      course grade submissions/ --again
      course grade submissions/ --again --marks essays.csv
      course grade submissions/ --own-code talks
      course grade submissions/ --scheduler tls://grader.example:8786

    \b
    Exit codes:
      0  everything is graded
      1  some submissions could not be graded on this machine
      2  the command or the course is wrong
      3  this machine cannot grade
    """
    if jobs is not None and scheduler is not None:
        raise click.UsageError("--jobs is only for this machine: a cluster grades with all its workers")
    if resume and again:
        raise click.UsageError("--resume goes on with a run, and --again starts a new one — use one of them")
    if bank is not None and own_code is None:
        raise click.UsageError("--bank writes the questions of --own-code DIR — add it")
    from grader.classroom.batch import Earlier, Options, grade
    from grader.classroom.own_sheets import require_new
    from grader.classroom.results import RESULTS, Status

    if own_code is not None:
        require_new(own_code)

    options = Options(
        exercises=exercises,
        quizzes=quizzes,
        jobs=jobs,
        seed=seed,
        earlier=Earlier.AGAIN if again else Earlier.RESUME if resume else Earlier.REFUSE,
        sandbox=not no_sandbox,
        scheduler=scheduler,
        names=names,
        class_file=class_file,
        marks_file=marks_file,
    )
    if scheduler is not None:
        _warn_if_in_the_clear(scheduler)
    meter = _Meter(wanted=not as_json)
    try:
        summary = grade(current_course(), directory, output, options, meter.tell)
    except KeyboardInterrupt:
        meter.end()
        if again and (output / "grades.csv").exists():
            click.echo(f"The earlier results in {output} are as they were.", err=True)
        elif (output / RESULTS).exists():
            add = "run the same command again" if resume else "add --resume to the same command"
            click.echo(
                f"The results so far are in {output}. To continue, {add}{', in place of --again' * again}.",
                err=True,
            )
        raise
    finally:
        meter.end()
    _show(summary, as_json, again)
    if own_code is not None:
        _write_own_code(output, own_code, bank, as_json)
    is_open = any(each.status is Status.FAILED for each in summary.problems)  # and nothing is decided
    context.exit(1 if is_open else 0)


def _write_own_code(output: Path, directory: Path, bank: str | None, quiet: bool) -> None:
    from grader.classroom.own_banks import BankFormat
    from grader.classroom.own_code import write_own_code
    from grader.cli.output_file import note
    from grader.judge.verdict import count

    begun = time.monotonic()
    meter = _Meter(not quiet, "questions about code: ")
    try:
        written = write_own_code(
            current_course(), output, directory, BankFormat(bank) if bank else None, meter.tell
        )
    finally:
        meter.end()
    for line in written.notes:
        note(f"{bank}: {line}")
    found = f"none, so {directory} is not written"
    if written.sheets:
        sheets = f"{count(written.questions, 'question')} on {count(written.sheets, 'sheet')}"
        found = f"{sheets} in {directory}, after {_span(time.monotonic() - begun)}"
    click.echo(f"Questions about code: {found}.", err=quiet)
    for line in written.without:
        click.echo(f"  {line[0].upper()}{line[1:]}.", err=quiet)


def _warn_if_in_the_clear(scheduler: str) -> None:
    from grader.classroom.cluster import is_in_the_clear

    if is_in_the_clear(scheduler):
        click.echo(
            f"Note: the hidden tests are sent to {scheduler} unencrypted. To keep them secret, use a "
            "scheduler at a tls:// address, with the certificates in Dask's settings.",
            err=True,
        )


class _Meter:
    """Shows how many submissions are done, the rate, and the time left."""

    def __init__(self, wanted: bool, about: str = "") -> None:
        self._say = StatusLine(wanted).say
        self._about = about
        self._first: tuple[float, int] | None = None
        self._say(f"{about}reading the submissions …")

    def tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = (now, done)  # resumed results come at once, and would distort the rate
        begun, before = self._first
        text = f"{done} of {total}"
        if done - before >= 5 and now - begun > 2:
            rate = (done - before) / (now - begun)
            text += f", {rate * 60:.0f} per minute, {_span((total - done) / rate)} left"
        self._say(f"{self._about}{text} …")

    def end(self) -> None:
        self._say("")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _show(summary: Summary, as_json: bool, again: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(summary)).decode())
        return
    from grader.cli.grade_summary import lines
    from grader.cli.text import screen

    if again:
        from grader.cli.changes_table import changes_table, wide

        for line in changes_table(summary.changes, wide(screen())):
            click.echo(line)
        click.echo()
    for line in lines(summary, screen()):
        click.echo(line)
