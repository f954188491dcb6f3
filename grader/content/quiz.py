"""Types of quiz files and files of practice questions."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.figures import Figure
from grader.content.questions import Question

__all__ = ["Practice", "Question", "Quiz"]


class _Questions(Content, frozen=True, kw_only=True):
    id: Id
    lesson: Id
    questions: tuple[Question, ...]

    @property
    def points(self) -> float:
        """The points of all questions."""
        return float(sum(question.worth for question in self.questions))

    @property
    def pictures(self) -> tuple[Figure, ...]:
        """The figures of all questions that have one."""
        return tuple(question.picture for question in self.questions if question.picture)

    def question(self, question_id: str) -> Question | None:
        """Return the question with this id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)

    def findings(self) -> Iterator[Finding]:
        if not self.questions:
            yield Finding(("questions",), "there is no question", "write at least one")
        for index, question_id in duplicates(q.id for q in self.questions):
            path = ("questions", index, "id")
            yield Finding(path, f"{question_id!r} is used twice", "give each question its own id")


class Quiz(_Questions, frozen=True, kw_only=True):
    """One quiz, read from `quizzes/<id>.yaml`."""

    title: str


class Practice(_Questions, frozen=True, kw_only=True):
    """Practice questions, read from `quizzes/practice/<lesson>.yaml`.

    Answers to them earn no score but count as evidence of mastery.
    """
