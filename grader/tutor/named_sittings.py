"""Sittings that a page names: it shows a question in one of them, and the answer goes to the same one."""

from __future__ import annotations

import re

from grader.content.course import content_hash
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, in_time
from grader.quiz.sitting import Stage
from grader.tutor.sittings import (
    LoggedSitting,
    numbered_practice,
    practice_id,
    practice_sitting,
    quiz_sitting,
    sitting_to_ask,
)

_OF_A_QUIZ = re.compile(r"[0-9a-f]{32}")
_PRACTICE = re.compile(r"practice/.+/([1-9]\d{0,8})")


def named_sitting(
    question: Question, quiz: Quiz | None, lesson: str, sitting_id: str, attempts: list[Attempt]
) -> LoggedSitting | None:
    """Return the sitting with this id, or None if the question cannot be asked in one of that name.

    A practice sitting is asked only if those with lower numbers are over: its number draws the values.
    """
    if quiz is not None and _OF_A_QUIZ.fullmatch(sitting_id):
        return quiz_sitting(quiz, sitting_id, [a for a in attempts if a.quiz == quiz.id])
    match = _PRACTICE.fullmatch(sitting_id)
    if match is None or practice_id(question, int(match[1])) != sitting_id:
        return None
    number, current = int(match[1]), practice_sitting(question, lesson, attempts)
    if number > practice_number(current):
        return None
    return numbered_practice(question, lesson, number, attempts)


def practice_number(logged: LoggedSitting) -> int:
    """Return the number of a practice sitting."""
    return int(logged.id.rpartition("/")[2])


def shown_sitting(
    question: Question, quiz: Quiz | None, lesson: str, attempts: list[Attempt]
) -> LoggedSitting:
    """Return the sitting to show where a question stands in a lesson.

    That is the one in which it was answered last, so that the answer and its explanation stay,
    or the one in which it is to be asked.
    """
    version = content_hash(question)
    own = [a for a in in_time(attempts) if a.item == question.id and a.content_hash == version]
    latest = next((a.sitting for a in reversed(own) if a.kind in ("answer", "skip") and a.sitting), None)
    if latest is not None:
        logged = named_sitting(question, quiz, lesson, latest, attempts)
        if logged is not None and logged.sitting.state(question.id).stage is not Stage.OPEN:
            return logged
    return sitting_to_ask(question, quiz, lesson, attempts)
