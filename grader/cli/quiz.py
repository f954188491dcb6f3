"""`course quiz`: take a quiz at the terminal, through a pipe, or from a file of answers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from grader.cli.common import confidence_option
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.content.kit import SealedQuiz
    from grader.content.quiz import Quiz
    from grader.progress.log import AttemptLog
    from grader.quiz.sitting import Sitting


@click.command()
@click.argument("quiz_id", metavar="ID")
@click.option(
    "--answers",
    metavar="FILE",
    help="Take the answers from a YAML or JSON file (question: letter); - is standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@click.option("--no-record", is_flag=True, help="Leave no trace in your progress.")
@click.option("--new", is_flag=True, help="Start afresh instead of going on where you stopped.")
@click.option("--practice", "practice", is_flag=True, help="Ask other questions, on what you know least.")
@click.option(
    "--count", type=click.IntRange(1), default=10, show_default=True, help="How many, with --practice."
)
@confidence_option
def quiz(
    quiz_id: str,
    answers: str | None,
    as_json: bool,
    no_record: bool,
    new: bool,
    practice: bool,
    count: int,
    confidence: bool | None,
) -> int:
    """Take the quiz called ID; every answer is explained, and the first try scores.

    Type an option's letter, h for a hint, s to skip, q to quit. You can stop at
    any time: the same command goes on where you were. The first time the options
    stand in the file's order, later they are shuffled. In a file of answers the
    letters are always those of the file's order. In a learner's kit nothing is
    marked: your answers are written to a file that you hand in.

    \b
    Examples:
      course quiz day4
      printf 'b\\nc\\nb\\nd\\nb\\n' | course quiz day4
      course quiz day4 --answers answers.yaml --json
      course quiz day4 --practice --count 5

    Exit code: 0 when every question has been answered, 1 when some were not.
    """
    from grader.cli.common import attempt_log, current_course

    course = current_course()
    log = None if no_record else attempt_log()
    if course.kit is not None:
        if practice:
            raise CourseError("a learner's kit comes without the questions to practise with")
        return _of_kit(course.sealed_quiz(quiz_id), log, answers, new, as_json)
    questions = course.quiz(quiz_id)
    if practice:
        if answers is not None or as_json or new:
            raise click.UsageError("--practice cannot be combined with --answers, --json or --new")
        return _practise(questions.lesson, log, count, confidence)
    if answers is not None:
        sitting = _from_file(answers, questions, log)
    else:
        sitting = _from_keys(questions, log, new, as_json, confidence)
    if as_json:
        from grader.content.course import content_hash

        _print_json(sitting, content_hash(questions))
    else:
        from grader.cli.quiz_summary import show_summary

        show_summary(sitting, course, marks=answers is not None)
    return 0 if sitting.answered == len(questions.questions) else 1


def _from_file(file: str, quiz: Quiz, log: AttemptLog | None) -> Sitting:
    from grader.cli.answers import read_answers
    from grader.cli.sittings import answered_sitting
    from grader.quiz.drawing import drawn_quiz

    return answered_sitting(quiz, read_answers(file, drawn_quiz(quiz, 0)), log)


def _from_keys(
    quiz: Quiz, log: AttemptLog | None, new: bool, as_json: bool, confidence: bool | None
) -> Sitting:
    """Ask question after question; with --json the conversation goes to standard error."""
    from grader.cli.asking import Asking
    from grader.cli.quiz_screen import run_quiz
    from grader.cli.sittings import fresh_sitting, open_sitting

    if log is not None:
        log.prepare()  # better to fail now than after the first answer
    attempts = [] if log is None else log.attempts(quiz=quiz.id)
    logged = fresh_sitting(quiz, attempts) if new else open_sitting(quiz, attempts)
    return run_quiz(Asking(log, sys.stderr if as_json else sys.stdout, confidence), logged)


def _of_kit(quiz: SealedQuiz, log: AttemptLog | None, file: str | None, new: bool, as_json: bool) -> int:
    """Record answers that are marked elsewhere; with --json the conversation goes to standard error."""
    from grader.cli.asking import Asking
    from grader.cli.kit_quiz import result_json, take, take_file

    asking = Asking(log, sys.stderr if as_json else sys.stdout, confidence=False)
    given = take(quiz, log, asking, new) if file is None else take_file(quiz, log, file, asking)
    if as_json:
        click.echo(result_json(quiz, given))
    return 0 if len(given) == len(quiz.questions) else 1


def _practise(lesson: str, log: AttemptLog | None, count: int, confidence: bool | None) -> int:
    from grader.cli.asking import Asking
    from grader.cli.practising import practise

    return practise(Asking(log, sys.stdout, confidence), lesson, count)


def _print_json(sitting: Sitting, version: str) -> None:
    import msgspec

    from grader.quiz.result import result

    click.echo(json.dumps(msgspec.to_builtins(result(sitting, version)), indent=2))
