"""The choice of practice questions: those on the concepts known least come first."""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.questions import Question
from grader.tutor.facts import Facts

ENOUGH_MISSES = 3  # in a row on one concept, before other concepts come first


def question_on(facts: Facts, concept: str, avoid: Iterable[str] = ()) -> Question | None:
    """Return a practice question on a concept that gives new evidence and is not in `avoid`, or None."""
    left_out = set(avoid)
    fitting = [q for q in facts.practice if concept in q.concepts and q.id not in left_out]
    fresh = [question for question in fitting if facts.can_be_asked(question)]
    # first a question that was left open, then one not asked yet, then one with new values
    ordered = sorted(fresh, key=lambda q: (not facts.is_open(q), facts.was_asked(q), _last_asked(facts, q)))
    return ordered[0] if ordered else None


def weakest(facts: Facts, among: Iterable[str] | None = None, avoid: Iterable[str] = ()) -> Question | None:
    """Return a question on the least known concept that is not mastered, or None."""
    concepts = [concept.id for concept in facts.lesson.concepts] if among is None else list(among)
    left = [concept for concept in concepts if not facts.is_mastered(concept)]
    for concept in sorted(left, key=lambda c: (facts.misses_in_a_row(c) >= ENOUGH_MISSES, facts.level(c))):
        question = question_on(facts, concept, avoid)
        if question is not None:
            return question
    return None


def _last_asked(facts: Facts, question: Question) -> str:
    return max((tried.attempt.time for tried in facts.tries if tried.question.id == question.id), default="")
