"""One answer to one question: is it right, and what does its option say about it?"""

from __future__ import annotations

from msgspec import Struct

from grader.content.quiz import Question

MAX_SCORE = 1.0  # of every question


class Mark(Struct, frozen=True):
    """The verdict on one answer."""

    answer: str  # the option's id
    correct: bool
    score: float  # what it is worth as a first try
    feedback: str  # the chosen option's own explanation
    misconception: str | None


def mark(question: Question, option_id: str) -> Mark:
    """Return the verdict on one option. Raises KeyError if the question has no such option."""
    option = question.option(option_id)
    return Mark(
        answer=option_id,
        correct=option.correct,
        score=MAX_SCORE if option.correct else 0.0,
        feedback=option.why,
        misconception=option.misconception,
    )
