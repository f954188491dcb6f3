"""Questions that ask which match belongs to which item."""

from __future__ import annotations

import math
from collections.abc import Iterator
from string import ascii_lowercase

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.question_base import QuestionBase, scrambled


class Pair(Content, frozen=True, kw_only=True):
    """An item and the match that belongs to it. Several items may have the same match."""

    item: str
    match: str


class WrongPair(Content, frozen=True, kw_only=True):
    """A foreseen mistake in a matching: an item with the match of another pair.

    Both are numbers of pairs, counted from 1. The matches in `extra` have the numbers
    after the last pair.
    """

    item: int
    match: int
    why: str
    misconception: Id | None = None


class MatchingQuestion(QuestionBase, frozen=True, kw_only=True, tag="matching"):
    """A question that asks for the match of each item.

    Each right pair earns the same share of the points. An answer is right if all pairs are.
    The letters of the matches follow another order than the file, so they do not give the
    answer away.
    """

    pairs: tuple[Pair, ...]
    extra: tuple[str, ...] = ()  # matches that belong to no item
    wrong: tuple[WrongPair, ...] = ()
    otherwise: str  # shown for a wrong answer with no pair that `wrong` lists

    @property
    def items(self) -> tuple[str, ...]:
        """The items in the order in which they are asked."""
        return tuple(_line(pair.item) for pair in self.pairs)

    @property
    def matches(self) -> tuple[str, ...]:
        """All different matches, in the order of the file."""
        return tuple(dict.fromkeys(self._numbered))

    @property
    def _numbered(self) -> tuple[str, ...]:
        """The matches as `wrong` numbers them."""
        return (*(_line(pair.match) for pair in self.pairs), *map(_line, self.extra))

    @property
    def guess(self) -> float:
        asked, matches = len(self.pairs), len(self.matches)
        one_each = len({*self._numbered[:asked]}) == asked
        return 1 / (math.perm(matches, asked) if one_each else matches**asked)

    @property
    def option_ids(self) -> str:
        """The letters of the matches: "abcd"."""
        return ascii_lowercase[: len(self.matches)]

    @property
    def answer(self) -> str:
        """The letter of the right match of each item, in the order of the items."""
        return "".join(map(self._letter, self._numbered[: len(self.pairs)]))

    def text_of(self, option_id: str) -> str:
        """Return the match with this letter. Raises ValueError if there is none."""
        return self.matches[self._places[self.option_ids.index(option_id)]]

    def foreseen(self, index: int, option_id: str) -> WrongPair | None:
        """Return the foreseen mistake of giving an item (counted from 0) the match with this letter."""
        given = self.text_of(option_id)
        own = (wrong for wrong in self.wrong if wrong.item == index + 1)
        return next((wrong for wrong in own if self._numbered[wrong.match - 1] == given), None)

    def _letter(self, match: str) -> str:
        return self.option_ids[self._places.index(self.matches.index(match))]

    @property
    def _places(self) -> list[int]:
        return scrambled(f"{self.id}\0{self.explain}", len(self.matches))

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not 2 <= len(self.pairs) <= len(ascii_lowercase):
            yield Finding(("pairs",), f"the number of pairs is {len(self.pairs)}", "write 2 to 26 pairs")
        if not 2 <= len(self.matches) <= len(ascii_lowercase):
            what = f"the number of different matches is {len(self.matches)}"
            yield Finding(("pairs",), what, "write 2 to 26 different ones, some of them under `extra`")
        for i, item in duplicates(self.items):
            yield Finding(("pairs", i, "item"), f"{item!r} occurs twice", "remove one of the pairs")
        for number, match in duplicates(self._numbered):
            if number >= len(self.pairs):
                path = ("extra", number - len(self.pairs))
                yield Finding(path, f"{match!r} occurs before", "remove it")
        for i, wrong in enumerate(self.wrong):
            if what := self._flaw_of(wrong):
                yield Finding(("wrong", i), what, "number the pairs from 1, then the extra matches")
            elif any((w.item, w.match) == (wrong.item, wrong.match) for w in self.wrong[:i]):
                yield Finding(("wrong", i), "an earlier entry has the same pair", "remove one of them")

    def _flaw_of(self, wrong: WrongPair) -> str:
        """Return why this is not a wrong pair, or ""."""
        if not (1 <= wrong.item <= len(self.pairs) and 1 <= wrong.match <= len(self._numbered)):
            return "`item` and `match` are not numbers of an item and a match"
        is_right = self._numbered[wrong.item - 1] == self._numbered[wrong.match - 1]
        return "this pair is right" if is_right else ""


def _line(text: str) -> str:
    return " ".join(text.split())
