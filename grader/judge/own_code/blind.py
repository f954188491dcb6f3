"""Draw options so that their texts do not tell which one is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from random import Random

SETS = 200  # of options, among which one is drawn
ROUNDS = 20  # after which the ranks are even, if they can be
Alike = Callable[[str, str], int]


def alike(one: str, other: str) -> int:
    """Return the number of places at which two texts have the same character."""
    return sum(a == b for a, b in zip(one, other, strict=False))


def draw_options(
    keys: Sequence[str], others: Sequence[str], count: int, rng: Random, asked: str = ""
) -> tuple[str, list[str]]:
    """Draw a right option and `count` others. `asked` is the call in the prompt, if there is one.

    A right text that stands out gives itself away: as the longest one, as the first in sorted order, or as
    the one most like the others or like the prompt. So the sets of options get weights that make each rank
    of the right text in each of these orders equally likely, as far as the texts allow.
    """
    sets = [(rng.choice(keys), rng.sample(others, count)) for _ in range(SETS)]
    likeness = cache(alike)
    places = [_ranks(key, [key, *wrong], likeness, asked) for key, wrong in sets]
    weights = [1.0] * SETS
    for _ in range(ROUNDS):  # iterative proportional fitting
        for order in zip(*places, strict=True):
            totals = [0.0] * (count + 1)
            for rank, weight in zip(order, weights, strict=True):
                totals[rank] += weight
            weights = [weight / totals[rank] for rank, weight in zip(order, weights, strict=True)]
    return rng.choices(sets, weights)[0]


def _ranks(key: str, texts: Sequence[str], likeness: Alike, asked: str) -> tuple[int, ...]:
    """Return the rank of the right text: sorted, by length, by likeness to all texts and to the prompt."""
    ordered = sorted(texts)
    looks: list[Callable[[str], int]] = [
        len,
        lambda text: sum(likeness(*sorted((text, other))) for other in texts),
    ]
    if asked:
        looks.append(lambda text: likeness(text, asked))
    by_look = (sorted(ordered, key=look, reverse=True).index(key) for look in looks)
    return ordered.index(key), *by_look
