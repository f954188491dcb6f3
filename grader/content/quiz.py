"""Quizzes, and the questions to practise with."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.questions import Question

__all__ = ["Practice", "Question", "Quiz"]


class _Questions(Content, frozen=True, kw_only=True):
    id: Id
    lesson: Id
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def findings(self) -> Iterator[Finding]:
        if not self.questions:
            yield Finding(("questions",), "no question", "write at least one")
        for index, again in duplicates(q.id for q in self.questions):
            yield Finding(
                ("questions", index, "id"), f"{again!r} is used twice", "give each question its own id"
            )


class Quiz(_Questions, frozen=True, kw_only=True):
    """One quiz file, `quizzes/<id>.yaml`."""

    title: str


class Practice(_Questions, frozen=True, kw_only=True):
    """Questions to practise with, `quizzes/practice/<lesson>.yaml`: they score nothing, but are evidence."""
