"""Classical item analysis: how hard an item is, how well it tells learners apart, how well all hang together.

Numbers that cannot be had are None, and `why` says the reason: it is worse to
read something into a number that is not there than to have none.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from msgspec import Struct

MIN_LEARNERS = 10  # for a correlation; with fewer it is mostly chance
BINS = 10
_SAME = 1e-12  # shares that differ by less are the same


class ItemScore(Struct, frozen=True):
    """What one learner has of one item."""

    score: float
    points: float

    @property
    def share(self) -> float:
        return self.score / self.points


ItemScores = Mapping[str, ItemScore]  # by item, of one learner; without items that do not count


class Statistic(Struct, frozen=True):
    """A number, or None and the reason why there is none."""

    value: float | None
    why: str | None = None


class Spread(Struct, frozen=True):
    """How shares of the points are distributed.

    `bins` counts shares in tenths: from 0 to below 0.1, …, from 0.9 to 1. The
    standard deviation is that of a sample (n - 1 in the denominator).
    """

    count: int
    mean: float | None
    median: float | None
    sd: float | None
    bins: tuple[int, ...]


class Item(Struct, frozen=True, kw_only=True):
    """One test, function or question, as the class has done it."""

    id: str
    title: str
    count: int  # learners it was marked for
    full: int  # those with all of its points
    difficulty: float  # mean share of its points; for all-or-nothing items the proportion correct
    discrimination: Statistic
    points: float


def spread(shares: Sequence[float]) -> Spread:
    """Return the distribution of shares between 0 and 1."""
    bins = [0] * BINS
    for share in shares:
        # 0.3 * 10 is a little less than 3
        bins[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    return Spread(
        count=len(shares),
        mean=math.fsum(shares) / len(shares) if shares else None,
        median=statistics.median(shares) if shares else None,
        sd=statistics.stdev(shares) if len(shares) > 1 else None,
        bins=tuple(bins),
    )


def bin_labels(bins: Sequence[int]) -> list[str]:
    """Return what each bin of a spread holds; its end belongs to the next one, but for the last."""
    wide = 100 // len(bins)
    return [f"{start}–{start + wide}%" for start in range(0, 100, wide)]


def items(learners: Sequence[ItemScores], titles: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the analysis of each item, in the order of `titles`; without those that nobody did."""
    return tuple(_item(learners, name, title) for name, title in titles.items() if _marked(learners, name))


def _item(learners: Sequence[ItemScores], name: str, title: str) -> Item:
    marks = _marked(learners, name)
    return Item(
        id=name,
        title=title,
        count=len(marks),
        full=sum(mark.score >= mark.points for mark in marks),
        difficulty=math.fsum(mark.share for mark in marks) / len(marks),
        discrimination=discrimination(learners, name),
        points=max(mark.points for mark in marks),
    )


def _marked(learners: Sequence[ItemScores], name: str) -> list[ItemScore]:
    return [marks[name] for marks in learners if name in marks]


def discrimination(learners: Sequence[ItemScores], name: str) -> Statistic:
    """Return the correlation of an item with the rest: the sum of all other items, without this one.

    For items that are right or wrong it is the corrected point-biserial
    correlation (Lord & Novick 1968, ch. 15; Crocker & Algina 1986, ch. 14).
    Leaving the item out of the sum keeps it from being correlated with itself
    (Henrysson 1963). The rest is taken as a share of its points, so that a
    learner for whom some item does not count can be kept.
    """
    own: list[float] = []
    rest: list[float] = []
    for marks in learners:
        others = [mark for other, mark in marks.items() if other != name]
        points = math.fsum(mark.points for mark in others)
        if name in marks and points > 0:
            own.append(marks[name].share)
            rest.append(math.fsum(mark.score for mark in others) / points)
    if not own:
        return Statistic(None, "there is nothing else to compare it with")
    if len(own) < MIN_LEARNERS:
        return Statistic(None, f"fewer than {MIN_LEARNERS} learners")
    if _constant(own):
        return Statistic(None, "all have the same")
    if _constant(rest):
        return Statistic(None, "all have the same in the rest")
    return Statistic(min(1.0, max(-1.0, statistics.correlation(own, rest))))


def alpha(learners: Sequence[ItemScores]) -> Statistic:
    """Return Cronbach's alpha (Cronbach 1951) of the learners for whom every item counts.

    It is k / (k - 1) * (1 - sum of the items' variances / variance of the sums),
    with the items in points.
    """
    names = sorted({name for marks in learners for name in marks})
    whole = [marks for marks in learners if len(marks) == len(names)]
    if len(names) < 2:
        return Statistic(None, "there is only one item")
    if len(whole) < MIN_LEARNERS:
        return Statistic(None, f"fewer than {MIN_LEARNERS} learners have all items")
    sums = [math.fsum(mark.score for mark in marks.values()) for marks in whole]
    if _constant(sums):
        return Statistic(None, "all have the same number of points")
    parts = math.fsum(statistics.variance([marks[name].score for marks in whole]) for name in names)
    count = len(names)
    return Statistic(min(1.0, count / (count - 1) * (1 - parts / statistics.variance(sums))))


def _constant(values: Sequence[float]) -> bool:
    return max(values) - min(values) < _SAME
