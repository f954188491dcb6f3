"""`course quiz`: take a quiz at the terminal, through a pipe, or from a file of answers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.cli.sittings import LoggedSitting
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
def quiz(quiz_id: str, answers: str | None, as_json: bool, no_record: bool, new: bool) -> int:
    """Take the quiz called ID; every answer is explained, and the first try scores.

    Type an option's letter, h for a hint, s to skip, q to quit. You can stop at
    any time: the same command goes on where you were. The first time the options
    stand in the file's order, later they are shuffled. In a file of answers the
    letters are always those of the file's order.

    \b
    Examples:
      course quiz day4
      printf 'b\\nc\\nb\\nd\\nb\\n' | course quiz day4
      course quiz day4 --answers answers.yaml --json

    Exit code: 0 when every question has been answered, 1 when some were not.
    """
    from grader.cli.common import attempt_log, current_course

    course = current_course()
    questions = course.quiz(quiz_id)
    log = None if no_record else attempt_log()
    if answers is not None:
        sitting = _from_file(answers, questions, log)
    else:
        sitting = _from_keys(questions, log, new, as_json)
    if as_json:
        _print_json(sitting)
    else:
        from grader.cli.quiz_summary import show_summary

        show_summary(sitting, course, marks=answers is not None)
    return 0 if sitting.answered == len(questions.questions) else 1


def _from_file(file: str, quiz: Quiz, log: AttemptLog | None) -> Sitting:
    """Mark a file of answers as a sitting of its own, and record it in one transaction."""
    from grader.cli.answers import read_answers
    from grader.cli.sittings import LoggedSitting, attempt_of
    from grader.progress.attempt import new_id
    from grader.quiz.sitting import Answered, apply, begin

    answers = read_answers(file, quiz)
    logged, attempts = LoggedSitting(new_id(), begin(quiz)), []
    for question in quiz.questions:
        if question.id in answers:
            event = Answered(question.id, answers[question.id])
            attempts.append(attempt_of(logged, event))
            logged = LoggedSitting(logged.id, apply(logged.sitting, event)[0])
    if log is not None:
        log.append(*attempts)
    return logged.sitting


def _from_keys(quiz: Quiz, log: AttemptLog | None, new: bool, as_json: bool) -> Sitting:
    """Ask question after question; with --json the conversation goes to standard error."""
    from grader.cli.quiz_screen import QuizScreen
    from grader.cli.sittings import fresh_sitting, last_sitting

    if log is not None:
        log.prepare()  # better to fail now than after the first answer
    attempts = [] if log is None else log.attempts(quiz=quiz.id)
    started = None if new else last_sitting(quiz, attempts)
    logged: LoggedSitting
    if started is None or started.sitting.untouched or started.sitting.current is None:
        logged, resumed = fresh_sitting(quiz, attempts), False
    else:
        logged, resumed = started, True
    return QuizScreen(logged, log, sys.stderr if as_json else sys.stdout).run(resumed)


def _print_json(sitting: Sitting) -> None:
    import msgspec

    from grader.content.course import content_hash
    from grader.quiz.result import result

    found = result(sitting, content_hash(sitting.quiz))
    click.echo(json.dumps(msgspec.to_builtins(found), indent=2))
