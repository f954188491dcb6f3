"""A question with drawn values -> the same question with numbers in their place."""

from __future__ import annotations

from hashlib import blake2b

from msgspec.structs import replace

from grader.content.arithmetic import Number, Value, evaluate
from grader.content.questions import PLACEHOLDER, NumericQuestion, Question, ShapeQuestion, ValueQuestion
from grader.content.quiz import Quiz


def drawn_quiz(quiz: Quiz, turn: int) -> Quiz:
    """Return the quiz with all values drawn."""
    return replace(quiz, questions=tuple(drawn(question, turn) for question in quiz.questions))


def drawn(question: Question, turn: int) -> Question:
    """Return the question with the values of this turn, also in its texts; others as they are.

    Each turn has other values than the one before, until all choices have had
    their turn; everybody's first turn is the same.
    """
    if not isinstance(question, NumericQuestion | ShapeQuestion):
        return question
    draws = list(question.draws())
    # a hash gives the same order in every version of Python, which `random` does not promise
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
    """Return a value as a formula that has this value."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    return repr(_whole(value))


def shown(value: Value) -> str:
    """Return a value as learners read it: 10,400, or 0.00515378, or (62, 10, 25)."""
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})"
    value = _whole(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value) if value is None or abs(value) < 10_000 else f"{value:,}"


def _whole(value: Number | None) -> Number | None:
    """A drawn 8.0 is the number 8 to whoever reads it."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
