"""Mastery of a concept by Bayesian knowledge tracing.

Source: Corbett & Anderson, "Knowledge tracing: Modeling the acquisition of
procedural knowledge", User Modeling and User-Adapted Interaction 4 (1995). Unlike
there, each piece of evidence has its own probability of a right guess. So a passed
test is stronger evidence than a right choice among four options.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

PRIOR = 0.3  # probability that a concept is known before any evidence
LEARN = 0.1  # probability of learning it from one piece of evidence and its explanation
SLIP = 0.1  # probability of a wrong answer although the concept is known
THRESHOLD = 0.95  # probability from which a concept counts as mastered
ENOUGH = 4  # pieces of evidence that mastery needs at least
HELPED = 0.5  # probability of a right answer without knowing, after a hint
REPEATED = 0.3  # the same after an explanation of this question with other numbers
CERTAIN = 0.999  # upper limit of a level, so that two or three wrong answers in a row can end mastery


class Piece(Struct, frozen=True):
    """One piece of evidence on a concept: the first try at a question, or the verdict of a test."""

    item: str
    time: str  # of the attempt, in the log's form
    right: bool
    guess: float  # probability of a right answer without knowing; above 0 and below 1 - SLIP


def updated(known: float, right: bool, guess: float) -> float:
    """Return the probability that a concept is known after one more piece of evidence.

    `known`, the probability before it, is in [0, 1]; `guess` is in (0, 1).
    """
    from_known, from_guess = (1 - SLIP, guess) if right else (SLIP, 1 - guess)
    seen = known * from_known + (1 - known) * from_guess
    posterior = known * from_known / seen
    return min(posterior + (1 - posterior) * LEARN, CERTAIN)


def level(pieces: Iterable[Piece]) -> float:
    """Return the probability that a concept is known, given its evidence in order of time."""
    known = PRIOR
    for piece in pieces:
        known = updated(known, piece.right, piece.guess)
    return known


def is_mastered(pieces: list[Piece]) -> bool:
    """Return True if there is enough evidence on a concept and its level reaches the threshold."""
    return len(pieces) >= ENOUGH and level(pieces) >= THRESHOLD
