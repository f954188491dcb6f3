"""Notes on grades that a roster has already, and that an export replaces by others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.judge.verdict import count, number
from grader.wording import first_of

_SHOWN = 10  # learners that a note names
_NO_GRADE = ("", "-", "–")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?", re.ASCII)


class Replaced(Struct, frozen=True):
    """A cell of the roster, and the grade that replaces it."""

    learner: str
    before: str
    after: float

    def __str__(self) -> str:
        return f"{self.learner} ({self.before} → {number(self.after)})"

    @property
    def points(self) -> float | None:
        """The grade before, or None for a word such as EX."""
        return float(self.before.replace(",", ".")) if _NUMBER.fullmatch(self.before) else None

    @property
    def differs(self) -> bool:
        """True if there was another grade. Systems round to two decimals."""
        if self.before in _NO_GRADE:
            return False
        return self.points is None or abs(self.points - self.after) >= 0.005


def notes_on_replaced(item: str, header: str, cells: Sequence[Replaced]) -> Iterator[str]:
    """Yield notes on the grades in a column that change, those that get lower first."""
    changed = [each for each in cells if each.differs]
    words = [each for each in changed if each.points is None]
    lower = [each for each in changed if each.points is not None and each.points > each.after]
    higher = [each for each in changed if each.points is not None and each.points < each.after]
    for found, how in ((lower, "a lower grade"), (words, "a number"), (higher, "a higher grade")):
        if found:
            by = how if len(found) == 1 else f"{how.partition(' ')[2]}s"
            be = "is" if len(found) == 1 else "are"
            yield (
                f"{item}: {count(len(found), 'grade')} in {header} {be} replaced by {by}: "
                f"{first_of([*map(str, found)], _SHOWN)}"
            )
    if lower or words:
        yield "to keep a grade, add it to `overrides` in class.yaml (or to `excused`), and grade with --again"
