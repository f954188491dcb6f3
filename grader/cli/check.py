"""`course check`: run an exercise's tests on the learner's code, and show and record the verdict."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import Recording, current_course, current_recorder, no_record_option, the_exercise

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.judge.client.resident import Checks
    from grader.judge.report import Report
    from grader.judge.submission import Submission
    from grader.tutor.learner_file import LearnerFile
    from grader.tutor.recording import Recorder


@click.command()
@click.argument("argument", metavar="[EXERCISE]", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print only the report, as JSON.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed for the inputs of the tests.")
@click.option("--cold", is_flag=True, help="Neither use nor start the judge that stays in memory.")
@click.option(
    "--plot",
    "plot_to",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Draw your figure beside the reference's (.png, .svg, .pdf).",
)
@click.option("--ask", is_flag=True, help="Then ask about your own code, as far as it passes.")
@no_record_option
@click.pass_context
def check(
    context: click.Context,
    argument: str | None,
    file: Path | None,
    as_json: bool,
    seed: int | None,
    cold: bool,
    plot_to: Path | None,
    ask: bool,
    recording: Recording,
) -> None:
    """Run an exercise's tests on your code and say what is wrong.

    You can leave out EXERCISE if only one exercise has a file in this directory.

    FILE is your .ipynb or .py file. Default: the file in this directory that is
    named after the exercise, such as exercise_lstm.ipynb or exercise_lstm.py. If
    there are several, a notebook comes first, then a .py file, then copies such as
    "exercise_lstm (2).py", and you are told about the others. Modules beside your
    file that it imports are used. You can pass just a file if its name or metadata
    identifies the exercise. If it is a lesson's notebook, its answers are marked.

    \b
    Examples:
      course check exercise-lstm
      course check exercise-lstm my_answer.ipynb
      course check exercise-lstm.ipynb
      course check exercise-lstm --json > report.json
      course check exercise-lstm --plot forecast.png
      course check exercise-lstm --ask

    \b
    Exit codes:
      0  all tests passed, or all answers are right
      1  some tests failed, or some answers are wrong or missing
      2  the file or the course is broken
      3  this machine cannot run the check
    """
    from grader.cli.input_file import InputFile, input_file
    from grader.errors import CourseError
    from grader.notebook.origin import OriginKind
    from grader.tutor.learner_file import LearnerFile, learner_file

    course = current_course()
    if ask and as_json:
        raise click.UsageError("--ask cannot be combined with --json")
    argument = the_exercise(course, argument)
    given = input_file(course, argument) if file is None else None
    if file is not None and str(file) in course.exercise_ids and argument not in course.exercise_ids:
        raise CourseError(f"the exercise comes first — type: course check {file} {argument}")
    if given is None:
        course.exercise(argument)  # an unknown exercise is reported before a missing file
        own = learner_file(course, argument) if file is None else LearnerFile(file)
        given = InputFile(OriginKind.EXERCISE, argument, own.path)
    else:
        own = LearnerFile(given.path)
    if plot_to is not None:
        from grader.cli.check_plot import require_plot_file

        require_plot_file(plot_to)
    if given.kind is OriginKind.LESSON:
        from grader.cli.lesson_notebook import check_lesson

        if seed is not None:
            raise click.UsageError(
                "--seed is only for exercises: a lesson's notebook has no tests that draw inputs"
            )
        if plot_to is not None:
            raise click.UsageError(
                "--plot is only for exercises: a lesson's notebook has no figures to compare"
            )
        if ask:
            raise click.UsageError(
                "--ask is only for exercises: a lesson's notebook has no code to ask about"
            )
        passed = check_lesson(course, given, current_recorder(recording), as_json)
    else:
        passed = _check_code(
            course, given.id, own, as_json, seed, cold, plot_to, ask, current_recorder(recording)
        )
    if given.note:
        click.echo(f"course: {given.note}", err=True)
    context.exit(0 if passed else 1)


def _check_code(
    course: Course,
    exercise_id: str,
    file: LearnerFile,
    as_json: bool,
    seed: int | None,
    cold: bool,
    plot_to: Path | None,
    ask: bool,
    recorder: Recorder,
) -> bool:
    """Judge a file, show and record the verdict; return True if all tests passed."""
    exercise = course.exercise(exercise_id)

    from grader.cli.check_meter import CheckMeter
    from grader.cli.check_plot import Plotter
    from grader.cli.own_questions import offer
    from grader.judge.client.missing_libraries import missing_note
    from grader.judge.client.resident import Checks, start_resident
    from grader.tutor.checking import check_submission
    from grader.tutor.own_questions import has_own_questions

    plotter = None if plot_to is None else Plotter(plot_to, course, exercise)
    submission = file.submission()
    if note := missing_note(exercise):
        click.echo(f"course: {note}", err=True)
    recorder.prepare()
    with Checks(course, cold) as checks:
        with CheckMeter(exercise_id, wanted=not as_json) as meter:
            report = check_submission(
                checks,
                course,
                exercise_id,
                submission,
                seed=seed,
                on_total=meter.begin,
                on_test=meter.step,
                on_figure=plotter.add if plotter else None,
            )
        _show(report, exercise, file.path, as_json)  # while the judge is ending
        recorder.record_check(report)
        if ask:
            _ask(checks, course, submission, report, recorder)
    if (
        report.passed
        and not ask
        and not as_json
        and sys.stdout.isatty()
        and has_own_questions(course, exercise_id)
    ):
        click.echo(offer(exercise_id))
    if plotter is not None:
        click.echo(plotter.finish(report), err=as_json)
    if not cold:
        start_resident(course, exercise_id)  # so that the next check is fast
    return report.passed


def _ask(checks: Checks, course: Course, submission: Submission, report: Report, recorder: Recorder) -> None:
    from grader.cli.conversation import Conversation, LearnerQuit
    from grader.cli.own_questions import ask_about_code

    click.echo()
    with contextlib.suppress(LearnerQuit):
        ask_about_code(checks.make_questions, course, submission, report, recorder, Conversation(sys.stdout))


def _show(report: Report, exercise: Exercise, path: Path, as_json: bool) -> None:
    import msgspec

    from grader.cli.verdict import terminal_lines

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        for line in terminal_lines(report, exercise, str(path)):
            click.echo(line)
