"""`course grade`: grade what a whole class handed in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import StatusLine, current_course

if TYPE_CHECKING:
    from grader.classroom.summary import Summary


class _Place(click.Path):
    """A path, but not the empty one, which would silently be the current directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("an empty name — name a directory, or . for the current one", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("directory", metavar="DIR", type=_Place(path_type=Path))
@click.option("--exercise", "exercises", metavar="ID", multiple=True, help="Grade this one; may be repeated.")
@click.option("--quiz", "quizzes", metavar="ID", multiple=True, help="Grade this one; may be repeated.")
@click.option(
    "--output",
    type=_Place(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="The directory for the results.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Grade so many at once; if left out, as fits here.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster; local:4 starts one of four workers here."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the tests' inputs from this seed.")
@click.option("--resume", is_flag=True, help="Go on with the results in the output directory.")
@click.option("--no-sandbox", is_flag=True, help="Grade even where learner code cannot be confined.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, and nothing else.")
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
    resume: bool,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Grade a whole class: exercises and quizzes, everything that is found in DIR.

    DIR holds a directory for each learner, with exercise_lstm.py or .ipynb in it
    (named after the exercise), day4_answers.yaml (after the quiz) or day4.ipynb
    (after the lesson). It may also be the "submitted" directory of nbgrader, or a
    zip file as Moodle, Canvas and Gradescope make them. With one --exercise, files
    may instead be named after learners: DIR/ada.py.

    The results are in the output directory: grades.csv, and results.jsonl with
    every verdict. All inputs are drawn from one new seed, which is written there.
    If it is stopped, --resume goes on; so it does when somebody hands in more.

    Exit code: 0 all is graded, 1 some could not be graded on this machine,
    2 wrong usage or a broken course, 3 this machine cannot do it.

    \b
    Examples:
      course grade submissions/
      course grade moodle-download.zip --output week4
      course grade homework/ --exercise exercise-lstm --jobs 4
      course grade submissions/ --resume
      course grade submissions/ --scheduler tls://grader.example:8786
    """
    if jobs is not None and scheduler is not None:
        raise click.UsageError("--jobs is for this machine: a cluster grades with all of its workers")
    from grader.classroom.batch import Earlier, Options, grade

    options = Options(
        exercises=exercises,
        quizzes=quizzes,
        jobs=jobs,
        seed=seed,
        earlier=Earlier.RESUME if resume else Earlier.REFUSE,
        sandbox=not no_sandbox,
        scheduler=scheduler,
    )
    if scheduler is not None:
        _warn_if_in_the_clear(scheduler)
    meter = _Meter(wanted=not as_json)
    try:
        found = grade(current_course(), directory, output, options, meter.tell)
    except KeyboardInterrupt:
        meter.end()
        if output.exists():  # else nothing is lost
            click.echo(
                f"{output} holds what is graded so far; --resume with the same command goes on.", err=True
            )
        raise
    finally:
        meter.end()
    _show(found, as_json)
    context.exit(1 if found.failed else 0)


def _warn_if_in_the_clear(scheduler: str) -> None:
    from grader.classroom.cluster import is_in_the_clear

    if is_in_the_clear(scheduler):
        click.echo(
            f"Note: the hidden tests go to {scheduler} unencrypted; a scheduler at a tls:// address, with "
            "the certificates in Dask's settings, keeps them secret",
            err=True,
        )


class _Meter:
    """Says how far it is, how fast it goes and how long it will take."""

    def __init__(self, wanted: bool) -> None:
        self._say = StatusLine(wanted).say
        self._first: tuple[float, int] | None = None
        self._say("reading what was handed in …")

    def tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = (now, done)  # what was known comes at once, and would promise too much
        begun, before = self._first
        text = f"{done} of {total}"
        if done - before >= 5 and now - begun > 2:
            rate = (done - before) / (now - begun)
            text += f", {rate * 60:.0f} a minute, {_span((total - done) / rate)} left"
        self._say(f"{text} …")

    def end(self) -> None:
        self._say("")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _show(found: Summary, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    from grader.cli.grade_summary import lines
    from grader.cli.text import screen

    for line in lines(found, screen()):
        click.echo(line)
