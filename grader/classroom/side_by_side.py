"""Excerpts of two similar submissions, for reading side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from msgspec import Struct

from grader.classroom.similarity import PIECE, piece_hashes, tokens

MAX_LINES = 200  # of one excerpt
MAX_COLUMNS = 200  # of one line


class CodeLine(Struct, frozen=True):
    """A line of code. `shared` is true if the other submission has its code as well."""

    number: int
    text: str
    shared: bool


class Excerpt(Struct, frozen=True, kw_only=True):
    """One learner's code without blank lines and without what is given.

    `given` and `left_out` count the lines that are given, and those beyond MAX_LINES.
    """

    lines: tuple[CodeLine, ...]
    given: int
    left_out: int


def side_by_side(one: str, other: str, starter: str, solution: str = "") -> tuple[Excerpt, Excerpt]:
    """Return the excerpts of two sources, without lines of the starter and code as in the solution."""
    known = _pieces(starter) | _pieces(solution)
    both = (_pieces(one) & _pieces(other)) - known
    skipped = {line.strip() for line in starter.split("\n")}
    return _excerpt(one, both, known, skipped), _excerpt(other, both, known, skipped)


def _pieces(source: str) -> set[int]:
    return set(piece_hashes([token.text for token in tokens(source)]))


def _excerpt(source: str, both: Collection[int], known: Collection[int], skipped: Collection[str]) -> Excerpt:
    parts = _tokens_by_line(source)
    shared, given = _parts_of(source, both), _parts_of(source, known)
    written = [(number, text) for number, text in enumerate(source.split("\n"), 1) if text.strip()]
    own = [
        (number, text)
        for number, text in written
        if text.strip() not in skipped and not (number in parts and parts[number] <= given)
    ]
    lines = tuple(
        CodeLine(number, _shortened(text), not shared.isdisjoint(parts.get(number, ())))
        for number, text in own[:MAX_LINES]
    )
    return Excerpt(lines=lines, given=len(written) - len(own), left_out=len(own) - len(lines))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_COLUMNS else text[: MAX_COLUMNS - 1] + "…"


def _parts_of(source: str, pieces: Collection[int]) -> set[int]:
    """Return the places of the tokens that are part of one of these pieces."""
    hashes = piece_hashes([token.text for token in tokens(source)])
    return {at + n for at, piece in enumerate(hashes) if piece in pieces for n in range(PIECE)}


def _tokens_by_line(source: str) -> dict[int, set[int]]:
    """Return line -> the places of its tokens. A token may take several lines."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    line, seen = 1, 0
    for place, token in enumerate(tokens(source)):
        line += source.count("\n", seen, token.start)
        seen = token.start
        for each in range(line, line + source.count("\n", token.start, token.end) + 1):
            found[each].add(place)
    return dict(found)
