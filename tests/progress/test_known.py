"""What is said about a concept claims no more than its evidence."""

from __future__ import annotations

import pytest

from grader.progress.known import known
from grader.progress.mastery import ENOUGH, Piece, level
from grader.progress.standing import ConceptStanding


def concept(verdicts: str, guess: float = 0.02) -> ConceptStanding:
    pieces = [Piece(str(n), "", verdict == "r", guess) for n, verdict in enumerate(verdicts)]
    right = verdicts.count("r")
    return ConceptStanding("c", "C", right, len(pieces), level(pieces), mastered=False, read_again=())


@pytest.mark.parametrize(
    ("verdicts", "guess", "says"),
    [
        ("r", 0.02, "probably"),
        ("wr", 0.02, "perhaps"),  # the level is 92%
        ("r", 0.25, "perhaps"),
        ("w", 0.25, "not yet"),
        ("rrr", 0.02, "probably"),
        ("rrrr", 0.02, "over 99%"),
        ("wrrr", 0.5, "71%"),
    ],
)
def test_a_number_needs_enough_evidence(verdicts: str, guess: float, says: str) -> None:
    assert known(concept(verdicts, guess)) == says
    assert (len(verdicts) < ENOUGH) == ("%" not in says)
