"""Classical item analysis: the difficulty and discrimination of items, and the reliability of a test.

A number that cannot be computed is None, and `why` gives the reason: no number
is better than a meaningless one.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from msgspec import Struct

MIN_LEARNERS = 10  # for a correlation; with fewer learners it is mostly noise
FEW = 30  # with fewer learners, the figures of items are imprecise
BINS = 10
_Z = 1.96  # of the normal distribution, for 95%
_LARGEST = 1 - 1e-12  # of a correlation; atanh(1) is infinite
_SAME = 1e-12  # shares that differ by less are equal


class ItemScore(Struct, frozen=True):
    """The points of one learner for one item."""

    score: float
    points: float

    @property
    def share(self) -> float:
        return self.score / self.points


ItemScores = Mapping[str, ItemScore]  # item -> one learner's points; without items that do not count


class Statistic(Struct, frozen=True):
    """A number, or None with the reason."""

    value: float | None
    why: str | None = None
    low: float | None = None  # of the 95% interval of a correlation
    high: float | None = None


class Spread(Struct, frozen=True):
    """The distribution of shares of the points.

    `bins` counts shares in tenths: 0 to below 0.1, …, 0.9 to 1. `sd` is the sample
    standard deviation (n - 1 in the denominator).
    """

    count: int
    mean: float | None
    median: float | None
    sd: float | None
    bins: tuple[int, ...]


class Item(Struct, frozen=True, kw_only=True):
    """The results of the class for one test, function or question."""

    id: str
    title: str
    count: int  # learners with points for the item
    full: int  # learners with all points
    difficulty: float  # mean share of the points; for all-or-nothing items, the proportion correct
    discrimination: Statistic
    points: float


def spread(shares: Sequence[float]) -> Spread:
    """Return the distribution of shares between 0 and 1."""
    bins = [0] * BINS
    for share in shares:
        # floating point: 0.29 * 100 is less than 29
        bins[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    return Spread(
        count=len(shares),
        mean=math.fsum(shares) / len(shares) if shares else None,
        median=statistics.median(shares) if shares else None,
        sd=statistics.stdev(shares) if len(shares) > 1 else None,
        bins=tuple(bins),
    )


def bin_labels(bins: Sequence[int]) -> list[str]:
    """Return the range of each bin. Its end belongs to the next bin, except for the last one."""
    wide = 100 // len(bins)
    return [f"{start}–{start + wide}%" for start in range(0, 100, wide)]


def items(learners: Sequence[ItemScores], titles: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the analysis of each item, in the order of `titles`; items without points are left out."""
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
    """Return the correlation of an item with the rest, which is the sum of all other items.

    For items that are right or wrong it is the corrected point-biserial
    correlation (Lord & Novick 1968, ch. 15; Crocker & Algina 1986, ch. 14).
    The sum leaves the item out, because it would correlate with itself
    (Henrysson 1963). The rest is a share of its points, so that learners for
    whom an item does not count can be included. `low` and `high` are those of
    `interval`.
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
        return Statistic(None, "there are no other items")
    if len(own) < MIN_LEARNERS:
        return Statistic(None, f"fewer than {MIN_LEARNERS} learners")
    if _constant(own):
        return Statistic(None, "all learners have the same score")
    if _constant(rest):
        return Statistic(None, "all learners have the same score in the rest")
    value = min(1.0, max(-1.0, statistics.correlation(own, rest)))
    low, high = interval(value, len(own))
    return Statistic(value, low=low, high=high)


def interval(correlation: float, learners: int) -> tuple[float, float]:
    """Return the approximate 95% interval of a correlation, by Fisher's z (Fisher 1921).

    atanh(r) is nearly normal with the standard error 1 / sqrt(n - 3). If an item is unrelated to
    the rest, the interval lies below 0 in about 2.5% of classes and above 0 in as many, also for
    items that are right or wrong and for as few as 10 learners.
    """
    middle = math.atanh(min(_LARGEST, max(-_LARGEST, correlation)))
    half = _Z / math.sqrt(learners - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def alpha(learners: Sequence[ItemScores]) -> Statistic:
    """Return Cronbach's alpha (Cronbach 1951) for the learners with points for every item.

    It is k / (k - 1) * (1 - sum of the items' variances / variance of the sums),
    computed from points.
    """
    names = sorted({name for marks in learners for name in marks})
    whole = [marks for marks in learners if len(marks) == len(names)]
    if len(names) < 2:
        return Statistic(None, "there is only one item")
    if len(whole) < MIN_LEARNERS:
        return Statistic(None, f"fewer than {MIN_LEARNERS} learners have all items")
    sums = [math.fsum(mark.score for mark in marks.values()) for marks in whole]
    if _constant(sums):
        return Statistic(None, "all learners have the same score")
    parts = math.fsum(statistics.variance([marks[name].score for marks in whole]) for name in names)
    count = len(names)
    return Statistic(min(1.0, count / (count - 1) * (1 - parts / statistics.variance(sums))))


def _constant(values: Sequence[float]) -> bool:
    return max(values) - min(values) < _SAME
