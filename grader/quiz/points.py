"""How points are told to learners: nothing is said while every question is worth one."""

from __future__ import annotations

from grader.content.kit import SealedQuestion, SealedQuiz
from grader.content.questions import Question
from grader.content.quiz import Quiz


def points_note(quiz: Quiz | SealedQuiz, question: Question | SealedQuestion) -> str:
    """Return what to add to the heading of a question: " (2 points)", or nothing."""
    if not _is_weighted(quiz):
        return ""
    return f" ({question.worth} point{'s' * (question.worth != 1)})"


def score_words(quiz: Quiz | SealedQuiz, score: float) -> str:
    """Return a score in words: "3 of 5", or "3 of 7 points" if questions are worth several."""
    return f"{score:g} of {quiz.points:g}{' points' * _is_weighted(quiz)}"


def _is_weighted(quiz: Quiz | SealedQuiz) -> bool:
    return any(question.worth != 1 for question in quiz.questions)
