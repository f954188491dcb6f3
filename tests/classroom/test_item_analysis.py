"""Item statistics: examples worked by hand, and properties that always hold."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.item_analysis import (
    ItemScore,
    ItemScores,
    alpha,
    discrimination,
    interval,
    items,
    spread,
)


def marks(*rows: str) -> list[ItemScores]:
    """Learners as rows of 0 and 1, items named a, b, c …"""
    names = "abcdefgh"
    return [{n: ItemScore(float(c), 1.0) for n, c in zip(names, row, strict=False)} for row in rows]


# ten learners, three items
TEN = marks("111", "111", "110", "110", "101", "100", "100", "010", "000", "000")


def test_difficulty_is_the_proportion_of_learners_who_are_right() -> None:
    found = items(TEN, {"a": "A", "b": "B", "c": "C", "z": "Nobody's"})
    assert [item.id for item in found] == ["a", "b", "c"]
    assert [item.difficulty for item in found] == [0.7, 0.5, 0.3]
    assert [item.full for item in found] == [7, 5, 3]


def test_discrimination_is_the_correlation_with_the_sum_of_the_other_items() -> None:
    # item a and b + c, worked by hand: sum of products 7, sums 7 and 8, sums of squares 7 and 12
    by_hand = (10 * 7 - 7 * 8) / math.sqrt((10 * 7 - 7**2) * (10 * 12 - 8**2))
    assert sum(m["a"].score * (m["b"].score + m["c"].score) for m in TEN) == 7
    found = discrimination(TEN, "a").value
    assert found == pytest.approx(by_hand)
    whole = np.corrcoef([m["a"].score for m in TEN], [sum(x.score for x in m.values()) for m in TEN])[0, 1]
    assert found < whole  # counting the item itself would inflate the value


def test_the_interval_of_a_correlation_by_hand() -> None:
    # atanh(0.5) = 0.549306, 1.96 / sqrt(28 - 3) = 0.392; tanh of the difference and of the sum
    assert interval(0.5, 28) == pytest.approx((0.1560, 0.7358), abs=1e-4)
    low, high = interval(-1.0, 10)
    assert -1 <= low <= high < -0.99
    found = discrimination(TEN, "a")
    assert found.value is not None
    assert (found.low, found.high) == interval(found.value, 10)


def test_chance_alone_rarely_looks_like_an_item_on_which_stronger_learners_do_worse() -> None:
    draw = random.Random(1)
    classes = [
        [{n: ItemScore(float(draw.random() < 0.6), 1.0) for n in "abcdef"} for _ in range(12)]
        for _ in range(400)
    ]
    found = [discrimination(learners, "a") for learners in classes]
    assert sum(each.value is not None and each.value < 0 for each in found) > 150
    assert sum(each.high is not None and each.high < 0 for each in found) < 20


def test_alpha_of_ten_learners_by_hand() -> None:
    # variances 0.7*0.3, 0.5*0.5, 0.3*0.7 times 10/9; sums 3 3 2 2 2 1 1 1 0 0: variance 10.5/9
    parts = (0.21 + 0.25 + 0.21) * 10 / 9
    assert alpha(TEN).value == pytest.approx(3 / 2 * (1 - parts / (10.5 / 9)))


@pytest.mark.parametrize(
    ("learners", "why"),
    [
        (TEN[:9], "fewer than 10 learners"),
        (marks(*["11"] * 10), "all learners have the same score"),
        (marks(*["10"] * 5, *["00"] * 5), "all learners have the same score in the rest"),
        (marks(*["1"] * 10), "there are no other items"),
    ],
)
def test_a_discrimination_that_cannot_be_had_says_why(learners: list[ItemScores], why: str) -> None:
    found = discrimination(learners, "a")
    assert (found.value, found.why) == (None, why)


@pytest.mark.parametrize(
    ("learners", "why"),
    [
        (TEN[:9], "fewer than 10 learners have all items"),
        (marks(*["1"] * 10), "there is only one item"),
        (marks(*["10"] * 5, *["01"] * 5), "all learners have the same score"),
    ],
)
def test_an_alpha_that_cannot_be_had_says_why(learners: list[ItemScores], why: str) -> None:
    found = alpha(learners)
    assert (found.value, found.why) == (None, why)


def test_a_broken_test_of_some_learners_leaves_the_others() -> None:
    some = [*TEN, {"b": ItemScore(1.0, 1.0), "c": ItemScore(0.0, 1.0)}]
    assert discrimination(some, "a") == discrimination(TEN, "a")
    assert alpha(some) == alpha(TEN)
    assert discrimination(some, "b") != discrimination(TEN, "b")


def test_bins_include_their_lower_bounds() -> None:
    found = spread([0.0, 0.1, 0.3, 0.3, 0.999, 1.0])
    assert found.bins == (1, 1, 0, 2, 0, 0, 0, 0, 0, 2)
    assert (found.count, found.median) == (6, 0.3)
    assert found.sd == pytest.approx(np.std([0.0, 0.1, 0.3, 0.3, 0.999, 1.0], ddof=1))
    assert spread([]).mean is None


points = st.sampled_from([1.0, 2.0, 2.5])
classes = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.floats(0, 1), min_size=width, max_size=width), min_size=10, max_size=30
    )
)


def learners_of(rows: list[list[float]]) -> list[ItemScores]:
    return [{"abcde"[i]: ItemScore(share * (i + 1), i + 1.0) for i, share in enumerate(row)} for row in rows]


@given(classes, st.randoms(use_true_random=False))
def test_the_order_of_the_learners_changes_nothing(rows: list[list[float]], order: random.Random) -> None:
    learners = learners_of(rows)
    mixed = order.sample(learners, len(learners))
    titles = {name: name for name in learners[0]}
    assert items(mixed, titles) == items(learners, titles)
    assert alpha(mixed) == alpha(learners)


@given(classes)
def test_alpha_is_at_most_one_and_correlations_are_between_minus_one_and_one(rows: list[list[float]]) -> None:
    learners = learners_of(rows)
    found = alpha(learners)
    assert (found.value is None) == (found.why is not None)
    assert found.value is None or found.value <= 1
    for name in learners[0]:
        told = discrimination(learners, name)
        assert told.value is None or -1 <= told.value <= 1


@given(st.lists(st.integers(0, 8), min_size=10, max_size=30).filter(lambda found: len(set(found)) > 1))
def test_alpha_of_one_item_repeated_is_one(scores: list[int]) -> None:
    learners = [{name: ItemScore(float(score), 8.0) for name in "abc"} for score in scores]
    assert alpha(learners).value == pytest.approx(1)
    assert discrimination(learners, "b").value == pytest.approx(1)
