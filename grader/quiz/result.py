"""The result of a sitting: scores by question and by concept."""

from __future__ import annotations

from msgspec import Struct

from grader.content.questions import EssayQuestion
from grader.quiz.sitting import QuestionState, Sitting, Stage


class QuestionResult(Struct, frozen=True):
    """The first try at one question. `answer` and `feedback` are None without a try."""

    id: str
    correct: bool | None  # None if an instructor marks it
    score: float
    answer: str | None
    feedback: str | None
    misconception: str | None
    points: float = 1.0  # of a right first try


class QuizResult(Struct, frozen=True):
    """The output of `course quiz --json`. Its shape is stable."""

    quiz: str
    version: str
    score: float
    max_score: float
    questions: tuple[QuestionResult, ...]


class ConceptResult(Struct, frozen=True):
    """First tries at the questions on one concept."""

    concept: str
    right: int
    asked: int
    read_again: tuple[str, ...]  # lesson sections of the questions that were not right


def result(sitting: Sitting, version: str) -> QuizResult:
    """Return the scores. `version` is the quiz's content hash."""
    return QuizResult(
        quiz=sitting.quiz.id,
        version=version,
        score=sitting.score,
        max_score=sitting.max_score,
        questions=tuple(_question_result(sitting, q.id) for q in sitting.quiz.questions),
    )


def by_concept(sitting: Sitting) -> tuple[ConceptResult, ...]:
    """Return one result per concept, in the quiz's order, for the questions answered or skipped so far."""
    results: dict[str, ConceptResult] = {}
    for question, state in zip(sitting.quiz.questions, sitting.states, strict=True):
        if not _met(state) or isinstance(question, EssayQuestion):
            continue
        first = sitting.first_mark(question.id)
        right = bool(first and first.correct)
        for concept in question.concepts:
            old = results.get(concept, ConceptResult(concept, 0, 0, ()))
            again = () if right or question.section in old.read_again else (question.section,)
            results[concept] = ConceptResult(
                concept, old.right + right, old.asked + 1, (*old.read_again, *again)
            )
    return tuple(results.values())


def _met(state: QuestionState) -> bool:
    return bool(state.tries) or state.stage is Stage.SKIPPED


def _question_result(sitting: Sitting, question_id: str) -> QuestionResult:
    first = sitting.first_mark(question_id)
    question = sitting.quiz.questions[sitting.index(question_id)]
    points = float(question.worth)
    if first is None:
        correct = None if isinstance(question, EssayQuestion) else False
        return QuestionResult(question_id, correct, 0.0, None, None, None, points)
    return QuestionResult(
        question_id, first.correct, first.score, first.answer, first.feedback, first.misconception, points
    )
