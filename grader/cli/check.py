"""`course check`: run an exercise's tests on the learner's code, show and record the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import StatusLine, attempt_log, current_course, new_attempt
from grader.cli.start import file_stem
from grader.errors import CourseError, EnvironmentProblem

if TYPE_CHECKING:
    from grader.content.exercise import Exercise
    from grader.judge.report import Report
    from grader.progress.log import AttemptLog


@click.command()
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, and nothing else.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the tests' inputs from this seed.")
@click.option("--no-record", is_flag=True, help="Do not record the score.")
@click.pass_context
def check(
    context: click.Context,
    exercise_id: str,
    file: Path | None,
    as_json: bool,
    seed: int | None,
    no_record: bool,
) -> None:
    """Run an exercise's tests on your code and say what is wrong.

    FILE is your .py or .ipynb; if left out, exercise_lstm.py or
    exercise_lstm.ipynb in this directory (named after the exercise).
    Exit code: 0 all tests passed, 1 not all, 2 the file or the course is
    broken, 3 this machine cannot do it.

    \b
    Examples:
      course check exercise-lstm
      course check exercise-lstm my_answer.ipynb
      course check exercise-lstm --json > report.json
    """
    course = current_course()
    exercise = course.exercise(exercise_id)
    path = file or learner_file(exercise_id)

    from grader.judge.check import check as judge
    from grader.judge.check import default_seed
    from grader.judge.submission import read_submission

    submission = read_submission(path)
    log = attempt_log()
    if not no_record:
        log.prepare()
    meter = _Meter(wanted=not as_json)
    used = default_seed(course, exercise_id) if seed is None else seed
    try:
        report = judge(
            course, exercise_id, submission, used, on_total=meter.begin, on_test=lambda result: meter.step()
        )
    finally:
        meter.end()
    _show(report, exercise, path, as_json)
    if not no_record:
        record(log, report)
    context.exit(0 if report.passed else 1)


def learner_file(exercise_id: str) -> Path:
    """Return the file of this directory that is named after the exercise. Raises CourseError."""
    stem = file_stem(exercise_id)
    for name in (f"{stem}.py", f"{stem}.ipynb"):
        if Path(name).exists():
            return Path(name)
    raise CourseError(
        f"there is no {stem}.py or {stem}.ipynb here — `course start {exercise_id}` writes one, "
        f"or name your file: course check {exercise_id} FILE"
    )


def _show(report: Report, exercise: Exercise, path: Path, as_json: bool) -> None:
    import msgspec

    from grader.cli.verdict import lines, screen_width

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        for line in lines(report, exercise, str(path), screen_width()):
            click.echo(line)


def record(log: AttemptLog, report: Report) -> None:
    """Add a verdict to the learner's log. Raises EnvironmentProblem."""
    import msgspec

    attempt = new_attempt(
        "check",
        report.exercise,
        report.version,
        score=report.score,
        max_score=report.max_score,
        seconds=report.seconds,
        report=msgspec.to_builtins(report),
    )
    try:
        log.append(attempt)
    except EnvironmentProblem as error:
        raise EnvironmentProblem(f"the verdict above is not recorded: {error}") from None


class _Meter:
    """Says how far the check is."""

    def __init__(self, wanted: bool) -> None:
        self._say = StatusLine(wanted).say
        self._total = self._done = 0
        self._say("loading your code …")

    def begin(self, total: int) -> None:
        self._total = total
        self._say(f"loading your code, {total} tests to run …")

    def step(self) -> None:
        self._done += 1
        self._say(f"{self._done} of {self._total} tests …")

    def end(self) -> None:
        self._say("")
