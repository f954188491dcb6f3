"""Drawn values: a question with placeholders -> the same question with numbers."""

from __future__ import annotations

from hashlib import blake2b

from msgspec.structs import replace

from grader.content.arithmetic import Number, Value, evaluate
from grader.content.questions import NumericQuestion, Question, ShapeQuestion, ValueQuestion
from grader.content.quiz import Quiz
from grader.content.value_questions import PLACEHOLDER


def drawn_quiz(quiz: Quiz, turn: int) -> Quiz:
    """Return the quiz with all values drawn for a turn."""
    return replace(quiz, questions=tuple(drawn(question, turn) for question in quiz.questions))


def drawn(question: Question, turn: int) -> Question:
    """Return the question with the values of this turn, also in its texts.

    A question without drawn values is returned unchanged. The values do not
    repeat until all choices have been used. The first turn is the same for
    every learner.
    """
    if not isinstance(question, NumericQuestion | ShapeQuestion):
        return question
    draws = list(question.draws())
    # `random` does not guarantee the same order in every version of Python; a hash does
    order = sorted(range(len(draws)), key=lambda n: _hash(f"{question.id}\0{n}"))
    return with_values(question, draws[order[turn % len(draws)]])


def with_values(question: ValueQuestion, values: dict[str, float]) -> ValueQuestion:
    """Return the question with these values in its formulas and texts."""

    def filled(text: str) -> str:
        return PLACEHOLDER.sub(lambda match: shown(evaluate(match.group(1), values)), text)

    wrong = (
        replace(each, value=literal(evaluate(each.value, values)), why=filled(each.why))
        for each in question.wrong
    )
    return replace(
        question,
        prompt=filled(question.prompt),
        explain=filled(question.explain),
        hints=tuple(map(filled, question.hints)),
        otherwise=filled(question.otherwise),
        answer=literal(evaluate(question.answer, values)),
        wrong=tuple(wrong),
        draw={},
    )


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def literal(value: Value) -> str:
    """Return a formula that has this value."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    return repr(_whole(value))


def shown(value: Value) -> str:
    """Return a value in the form that learners read: 10,400, 0.00515378 or (62, 10, 25)."""
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})"
    value = _whole(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value) if value is None or abs(value) < 10_000 else f"{value:,}"


def _whole(value: Number | None) -> Number | None:
    """Return a whole float, such as a drawn 8.0, as an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
