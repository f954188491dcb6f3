"""How far a concept is mastered: Bayesian knowledge tracing.

After Corbett & Anderson, "Knowledge tracing: Modeling the acquisition of
procedural knowledge", User Modeling and User-Adapted Interaction 4 (1995). The
chance to guess is not one for all skills but that of each piece of evidence, so
that a passed test says more than a choice of four.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

PRIOR = 0.3  # that a concept is known before there is any evidence
LEARN = 0.1  # that it is learned from one piece of evidence, which is explained
SLIP = 0.1  # that a learner who knows it gets a piece wrong
THRESHOLD = 0.95
ENOUGH = 4  # pieces, before anything is called mastered
HELPED = 0.5  # the chance to be right without knowing, after a hint
REPEATED = 0.3  # and by following the explanation of the same question with other numbers
CERTAIN = 0.999  # never more: two or three misses in a row must be able to end mastery


class Piece(Struct, frozen=True):
    """One piece of evidence on a concept: a question's first try or a test's verdict."""

    item: str
    time: str  # of the attempt, as the log writes it
    right: bool
    guess: float  # the chance to be right without knowing, above 0 and below 1 - SLIP


def updated(known: float, right: bool, guess: float) -> float:
    """Return the probability that a concept is known after one more piece.

    `known` is in [0, 1], `guess` above 0 and below 1.
    """
    from_known, from_guess = (1 - SLIP, guess) if right else (SLIP, 1 - guess)
    seen = known * from_known + (1 - known) * from_guess
    posterior = known * from_known / seen
    return min(posterior + (1 - posterior) * LEARN, CERTAIN)


def level(pieces: Iterable[Piece]) -> float:
    """Return the probability that a concept is known, given its pieces in order of time."""
    known = PRIOR
    for piece in pieces:
        known = updated(known, piece.right, piece.guess)
    return known


def is_mastered(pieces: list[Piece]) -> bool:
    """Return True if a concept is very probably known, given enough evidence."""
    return len(pieces) >= ENOUGH and level(pieces) >= THRESHOLD
