"""The order of options on the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tiny_course import QUIZ

from grader.content.decode import decode
from grader.content.quiz import Quiz
from grader.quiz.order import screen_order

QUIZ_ = decode(QUIZ, "tiny.yaml", Quiz)
QUESTION = QUIZ_.questions[0]


@given(st.text())
def test_shuffling_is_a_permutation_and_stays_put(seed: str) -> None:
    for question in QUIZ_.questions:
        order = screen_order(question, seed)
        assert sorted(order) == [*question.option_ids]
        assert order == screen_order(question, seed)


@given(st.one_of(st.none(), st.text()))
def test_options_whose_order_means_something_are_never_shuffled(seed: str | None) -> None:
    assert screen_order(replace(QUESTION, shuffle=False), seed) == ("a", "b", "c")


def test_without_a_seed_the_order_is_the_files() -> None:
    assert screen_order(QUESTION, None) == ("a", "b", "c")


def test_seeds_reach_every_order_about_equally_often() -> None:
    counts: dict[tuple[str, ...], int] = {}
    for seed in range(1200):
        order = screen_order(QUESTION, str(seed))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert min(counts.values()) > 150  # 200 expected


def test_the_order_is_the_same_on_every_machine() -> None:
    assert screen_order(QUESTION, "seed") == ("a", "c", "b")
