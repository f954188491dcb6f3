"""A lesson's notebook: the answers in its cells, marked as `course quiz --answers` marks a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.input_file import InputFile
from grader.cli.quiz_summary import show_summary
from grader.cli.sittings import answered_sitting
from grader.content.course import Course, content_hash
from grader.errors import CourseError
from grader.notebook.lesson_cells import quizzes_of
from grader.quiz.drawing import drawn_quiz
from grader.quiz.notebook_answers import notebook_answers
from grader.quiz.result import QuizResult, result

if TYPE_CHECKING:
    from grader.progress.log import AttemptLog


def check_lesson(course: Course, notebook: InputFile, log: AttemptLog | None, as_json: bool) -> bool:
    """Mark the answers, show what came out and record it; True if all are right. Raises CourseError.

    In a learner's kit they are recorded only; then it is true if all questions are answered.
    """
    if course.kit is not None:
        return _record_all(course, notebook, log, as_json)
    quizzes = quizzes_of(course, notebook.id)
    if not quizzes:
        raise CourseError(
            f"{notebook.path} has no questions to check — its exercises have notebooks of their own"
        )
    results = []
    for quiz in quizzes:
        answers, refused = notebook_answers(notebook.cells, drawn_quiz(quiz, 0).questions)
        sitting = answered_sitting(quiz, answers, log)
        results.append(result(sitting, content_hash(quiz)))
        if not as_json:
            click.echo(f"{quiz.title}: {notebook.path}\n")
            show_summary(sitting, course, marks=True, refused=refused)
    whole = _joined(results)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(whole), indent=2))
    return whole.score == whole.max_score


def _record_all(course: Course, notebook: InputFile, log: AttemptLog | None, as_json: bool) -> bool:
    """Record answers that are marked elsewhere."""
    from grader.cli.kit_quiz import MARKED_LATER, record, result_json, state

    complete = True
    for quiz in map(course.sealed_quiz, course.sealed_quiz_ids):
        if quiz.lesson != notebook.id:
            continue
        answers, refused = notebook_answers(notebook.cells, quiz.questions)
        record(quiz, answers, log)
        complete = complete and len(answers) == len(quiz.questions)
        if as_json:
            click.echo(result_json(quiz, answers))
            continue
        for question_id, why in refused.items():
            click.echo(f"{question_id}: {why}")
        click.echo(f"{state(quiz, answers)} {MARKED_LATER}")
    return complete


def _joined(results: list[QuizResult]) -> QuizResult:
    """Return one result; a lesson's quizzes are nearly always one."""
    return QuizResult(
        quiz="-".join(each.quiz for each in results),
        version="-".join(each.version for each in results),
        score=sum(each.score for each in results),
        max_score=sum(each.max_score for each in results),
        questions=tuple(question for each in results for question in each.questions),
    )
