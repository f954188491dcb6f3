"""Sentences with advice: what is wrong, and what the learner was told to do about it."""

from __future__ import annotations

_DASH = " — "  # between the two, as in all errors


def without_advice(says: str) -> str:
    """Return what is wrong alone."""
    return says.rpartition(_DASH)[0] or says


def in_third_person(says: str) -> str:
    """Return a sentence for the learner as an instructor reads it, with the advice quoted."""
    what, _, todo = says.rpartition(_DASH)
    return f"{what} (told the learner: {todo})" if what else says
