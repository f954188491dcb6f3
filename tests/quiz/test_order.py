"""The order of options on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_questions import MULTIPLE, NUMERIC, question
from tiny_course import QUIZ

from grader.content.decode import decode
from grader.content.quiz import Quiz
from grader.quiz.order import chosen_on_screen, screen_order

QUIZ_ = decode(QUIZ, "tiny.yaml", Quiz)
QUESTION = QUIZ_.questions[0]


@given(st.text())
def test_shuffling_is_a_permutation_and_stays_the_same(seed: str) -> None:
    for each in QUIZ_.questions:
        order = screen_order(each, seed)
        assert sorted(order) == [*each.option_ids]
        assert order == screen_order(each, seed)


@given(st.one_of(st.none(), st.text()))
def test_options_with_a_meaningful_order_are_never_shuffled(seed: str | None) -> None:
    assert screen_order(replace(QUESTION, shuffle=False), seed) == ("a", "b", "c")


def test_without_a_seed_options_keep_the_order_of_the_file() -> None:
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


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("a", "c"), ("1", "c"), ("2", "a"), ("c", "b"), ("ab", "ca"), ("1, 3", "c, b"), ("4", "4"), ("d", "d")],
)
def test_letters_and_numbers_refer_to_positions_on_the_screen(typed: str, chosen: str) -> None:
    assert chosen_on_screen(QUESTION, typed, ("c", "a", "b")) == chosen


def test_several_options_can_be_chosen_by_number() -> None:
    assert chosen_on_screen(question(MULTIPLE), "2 4", ("a", "b", "c", "d")) == "b d"


def test_a_numeric_answer_is_not_taken_for_a_position() -> None:
    assert chosen_on_screen(question(NUMERIC), "24", ()) == "24"
