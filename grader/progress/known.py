"""How well a concept is known, in words that claim no more than the evidence says."""

from __future__ import annotations

from grader.progress.mastery import ENOUGH
from grader.progress.standing import ConceptStanding

PROBABLY = 0.8  # from this level on, if nothing was wrong
PERHAPS = 0.4


def is_measured(concept: ConceptStanding) -> bool:
    """Return True if there is enough evidence to show the level as a number."""
    return concept.evidence >= ENOUGH


def known(concept: ConceptStanding) -> str:
    """Return the level of a concept as a percentage, or as a word if few pieces of evidence support it.

    The level rises fast: with one right answer that is hard to guess, it exceeds 90%. The model is right
    to learn fast, but a number with two digits would promise a precision that one answer cannot have.
    """
    if is_measured(concept):
        return "over 99%" if concept.mastery > 0.99 else f"{concept.mastery:.0%}"  # never certain
    if concept.mastery >= PROBABLY and concept.right == concept.evidence:
        return "probably"
    return "perhaps" if concept.mastery >= PERHAPS else "not yet"
