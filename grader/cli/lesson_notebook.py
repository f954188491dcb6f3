"""A lesson's notebook: the answers in its cells are marked like a file of `course quiz --answers`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.input_file import InputFile
from grader.cli.quiz_summary import show_marked_answers
from grader.content.course import Course, content_hash
from grader.errors import CourseError
from grader.notebook.lesson_cells import quizzes_of
from grader.quiz.drawn_values import drawn_quiz
from grader.quiz.notebook_answers import notebook_answers
from grader.quiz.result import QuizResult, result
from grader.tutor.sittings import answered_sitting

if TYPE_CHECKING:
    from grader.tutor.recording import Recorder


def check_lesson(course: Course, notebook: InputFile, recorder: Recorder, as_json: bool) -> bool:
    """Mark the answers, show and record the result; return True if all are right. Raises CourseError.

    In a learner's kit, answers are only recorded. Then return True if all questions are answered.
    """
    if course.kit is not None:
        return _record_all(course, notebook, recorder, as_json)
    quizzes = quizzes_of(course, notebook.id)
    if not quizzes:
        raise CourseError(
            f"{notebook.path} has no questions to check — its exercises have their own notebooks"
        )
    results = []
    for quiz in quizzes:
        answers, refused = notebook_answers(notebook.cells, drawn_quiz(quiz, 0).questions)
        sitting = answered_sitting(quiz, answers, recorder)
        results.append(result(sitting, content_hash(quiz)))
        if not as_json:
            click.echo(f"{quiz.title}: {notebook.path}\n")
            show_marked_answers(sitting, course, refused)
    whole = _joined(results)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(whole), indent=2))
    return whole.score == whole.max_score


def _record_all(course: Course, notebook: InputFile, recorder: Recorder, as_json: bool) -> bool:
    """Record answers for the instructor."""
    from grader.cli.kit_quiz import MARKED_LATER, answered
    from grader.tutor.kit_answers import record_answers, unmarked

    complete = True
    for quiz in map(course.sealed_quiz, course.sealed_quiz_ids):
        if quiz.lesson != notebook.id:
            continue
        answers, refused = notebook_answers(notebook.cells, quiz.questions)
        record_answers(quiz, answers, recorder)
        complete = complete and len(answers) == len(quiz.questions)
        if as_json:
            click.echo(json.dumps(msgspec.to_builtins(unmarked(quiz, answers)), indent=2))
            continue
        for question_id, why in refused.items():
            click.echo(f"{question_id}: {why}")
        click.echo(f"{answered(quiz, answers)} {MARKED_LATER}")
    return complete


def _joined(results: list[QuizResult]) -> QuizResult:
    """Return one result for all quizzes of a lesson. Nearly always, there is only one."""
    return QuizResult(
        quiz="-".join(each.quiz for each in results),
        version="-".join(each.version for each in results),
        score=sum(each.score for each in results),
        max_score=sum(each.max_score for each in results),
        questions=tuple(question for each in results for question in each.questions),
    )
