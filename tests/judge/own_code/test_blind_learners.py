"""The statistics of blind learners."""

from __future__ import annotations

from random import Random

from blind_learners import WINS, margin
from proof import too_often

COUNT, CHANCE = 1000, 0.25


def test_hardly_any_guesser_exceeds_the_margin() -> None:
    rng = Random(1)
    shares = [sum(rng.random() < CHANCE for _ in range(100)) / 100 for _ in range(1000)]
    assert sum(share > CHANCE + margin(100, 1, 0.05) for share in shares) <= 50


def test_the_margin_shrinks_with_the_questions_and_grows_with_the_comparisons() -> None:
    assert margin(2 * COUNT, 1) < margin(COUNT, 1) < margin(COUNT, 10)


def test_only_a_win_that_chance_does_not_explain_is_too_often() -> None:
    rates = {"result": (COUNT, CHANCE, {"last": CHANCE + WINS, "first": 0.45})}
    assert too_often(rates) == {"result": {"first": 0.45}}
