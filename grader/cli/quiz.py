"""`course quiz`: take a quiz at the terminal, through a pipe, or from a file of answers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from grader.cli.common import ConfidencePrompt, Recording, confidence_option, no_record_option
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.kit import SealedQuiz
    from grader.content.quiz import Quiz
    from grader.quiz.sitting import Sitting
    from grader.tutor.recording import Recorder


@click.command()
@click.argument("quiz_id", metavar="[ID]", required=False)
@click.option(
    "--answers",
    "file",
    metavar="FILE",
    help="Read the answers from a YAML or JSON file (question: letter). Use - for standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@no_record_option
@click.option("--new", is_flag=True, help="Start over instead of resuming.")
@click.option("--practice", is_flag=True, help="Ask practice questions on the concepts you know least.")
@click.option(
    "--count",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Number of questions with --practice.",
)
@confidence_option
def quiz(
    quiz_id: str | None,
    file: str | None,
    as_json: bool,
    recording: Recording,
    new: bool,
    practice: bool,
    count: int,
    confidence: ConfidencePrompt,
) -> int:
    """Take the quiz called ID. Every answer is explained; only the first try scores.

    You can leave out ID if the course has only one quiz.

    Type an option's letter or number, h for a hint, s to skip, q to quit. You can
    stop at any time. Run the same command to continue. The first time, options
    appear in the file's order; later they are shuffled. Letters in a file of
    answers always follow the file's order. In a learner's kit nothing is marked:
    your answers are written to a file that you hand in.

    Through a pipe, the line after a wrong answer goes to the same question; s
    skips it. To give one answer per question, use --answers FILE.

    \b
    Examples:
      course quiz
      course quiz day4
      printf 'b\\nc\\nb\\nd\\nb\\n' | course quiz day4   # if all are right
      course quiz day4 --answers answers.yaml --json
      course quiz day4 --practice --count 5

    Exit code: 0 if every question has been answered, 1 if not.
    """
    from grader.cli.common import current_course, current_recorder, only_id

    course, recorder = current_course(), current_recorder(recording)
    quiz_id = quiz_id or only_id("quizzes", course.sealed_quiz_ids if course.kit else course.quiz_ids)
    if course.kit is not None:
        if practice:
            raise CourseError("a learner's kit has no practice questions")
        return _take_in_kit(course.sealed_quiz(quiz_id), recorder, file, new, as_json)
    questions = course.quiz(quiz_id)
    if practice:
        if file is not None or as_json or new:
            raise click.UsageError("--practice cannot be combined with --answers, --json or --new")
        return _practice(questions.lesson, recorder, count, confidence)
    if file is not None:
        sitting = _sitting_from_file(file, questions, recorder)
    else:
        sitting = _take(questions, recorder, new, as_json, confidence)
    if as_json:
        _print_json(questions, sitting)
    else:
        _show_result(sitting, course, with_answers=file is not None)
    return 0 if sitting.answered == len(questions.questions) else 1


def _sitting_from_file(file: str, quiz: Quiz, recorder: Recorder) -> Sitting:
    from grader.cli.answers import read_answers
    from grader.quiz.drawn_values import drawn_quiz
    from grader.tutor.sittings import answered_sitting

    return answered_sitting(quiz, read_answers(file, drawn_quiz(quiz, 0)), recorder)


def _take(quiz: Quiz, recorder: Recorder, new: bool, as_json: bool, confidence: ConfidencePrompt) -> Sitting:
    """Ask one question after another. With --json, the conversation goes to standard error."""
    from grader.cli.conversation import Conversation
    from grader.cli.quiz_screen import run_quiz
    from grader.tutor.sittings import fresh_sitting, open_sitting

    recorder.prepare()  # a failure now is better than one after the first answer
    attempts = recorder.attempts(quiz=quiz.id)
    logged = fresh_sitting(quiz, attempts) if new else open_sitting(quiz, attempts)
    return run_quiz(logged, recorder, Conversation(sys.stderr if as_json else sys.stdout), confidence)


def _take_in_kit(quiz: SealedQuiz, recorder: Recorder, file: str | None, new: bool, as_json: bool) -> int:
    """Record answers for the instructor. With --json, the conversation goes to standard error."""
    from grader.cli.conversation import Conversation
    from grader.cli.kit_quiz import answer_all_questions, answer_from_file, answer_open_questions

    conversation = Conversation(sys.stderr if as_json else sys.stdout)
    if file is not None:
        answers = answer_from_file(quiz, recorder, file, conversation)
    elif new:
        answers = answer_all_questions(quiz, recorder, conversation)
    else:
        answers = answer_open_questions(quiz, recorder, conversation)
    if as_json:
        import msgspec

        from grader.tutor.kit_answers import unmarked

        click.echo(json.dumps(msgspec.to_builtins(unmarked(quiz, answers)), indent=2))
    return 0 if len(answers) == len(quiz.questions) else 1


def _practice(lesson: str, recorder: Recorder, count: int, confidence: ConfidencePrompt) -> int:
    from grader.cli.conversation import Conversation
    from grader.cli.practice import run_practice

    return run_practice(lesson, count, recorder, Conversation(sys.stdout), confidence)


def _print_json(quiz: Quiz, sitting: Sitting) -> None:
    import msgspec

    from grader.content.course import content_hash
    from grader.quiz.result import result

    click.echo(json.dumps(msgspec.to_builtins(result(sitting, content_hash(quiz))), indent=2))


def _show_result(sitting: Sitting, course: Course, *, with_answers: bool) -> None:
    from grader.cli.quiz_summary import show_marked_answers, show_summary

    if with_answers:
        show_marked_answers(sitting, course)
    else:
        show_summary(sitting, course)
