"""A learner's standing in a course or a kit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from grader.content.course import Course
from grader.content.kit import SealedQuiz
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.standing import Standing
from grader.progress.suggestion import first_step
from grader.progress.summary import standing
from grader.tutor.kit_answers import recorded_answers
from grader.tutor.learner_file import HERE, begun_exercises
from grader.wording import listed

_PASSED = "Every exercise passes its visible tests"


def kit_done(quizzes: Sequence[SealedQuiz], attempts: list[Attempt]) -> str:
    """Say what is left to do in a kit whose exercises all pass their visible tests."""
    left = [quiz.id for quiz in quizzes if len(recorded_answers(quiz, attempts)) < len(quiz.questions)]
    if left:
        noun = "quiz" if len(left) == 1 else "quizzes"
        return f"{_PASSED}. Answer the {noun} {listed(left)}, and hand everything in."
    answered = ", and every question has an answer" if quizzes else ""
    return f"{_PASSED}{answered}. Hand everything in."


def learner_standing(
    course: Course, contents: Contents, attempts: list[Attempt], now: datetime, directory: Path = HERE
) -> Standing:
    """Return the learner's standing, with a next step that fits the files in `directory`.

    In a kit, the next step does not depend on quizzes, which are sealed, until only these are left.
    """
    started = begun_exercises((each.exercise.id for each in contents.exercises), directory)
    found = standing(contents, attempts, now, started)
    if course.kit is None:
        return found
    if found.next.kind == "done":
        quizzes = [*map(course.sealed_quiz, course.sealed_quiz_ids)]
        return replace(found, next=replace(found.next, says=kit_done(quizzes, attempts)))
    if not found.attempts and contents.lessons:
        first = first_step(contents.lessons[0].id)
        return replace(found, next=replace(found.next, other=first.commands[0]) if started else first)
    return found
