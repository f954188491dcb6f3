"""Blind learners and questions whose options are calls: an option's text must not tell that it is right."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from blind_calls import NUMPY_ONLY, ROOT, TEMPLATES, Reference, questions, rates
from blind_learners import WINS, margin
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.content.questions import SingleQuestion
from grader.judge.own_code.blind import alike, draw_options

FEW, MANY = 12, 400  # questions about each function
ASKING = sorted(path.parent.name for path in Path(ROOT).glob("exercises/*/own_code.py"))


@settings(max_examples=20)
@given(
    st.lists(st.text("ab1", max_size=5), min_size=1, max_size=6, unique=True),
    st.lists(st.text("xyz2", min_size=1, max_size=5), min_size=3, max_size=9, unique=True),
    st.integers(2, 3),
    st.text("ab", max_size=4),
)
def test_drawn_options_are_different_texts_of_both_lists(
    keys: list[str], others: list[str], count: int, asked: str
) -> None:
    key, wrong = draw_options(keys, others, count, Random(1), asked)
    assert key in keys
    assert len({*wrong}) == len(wrong) == count
    assert {*wrong} <= {*others}


def test_a_right_text_that_is_mostly_longer_is_not_mostly_the_longest_option() -> None:
    keys, others = ["x" * n for n in (3, 8, 9, 10)], ["y" * n for n in (2, 4, 5, 6, 7, 9, 11)]
    longest = 0
    for seed in range(100):
        key, wrong = draw_options(keys, others, 3, Random(seed))
        longest += len(key) >= max(map(len, wrong))
    assert abs(longest / 100 - 0.25) < margin(100, 1, 0.05)


def test_likeness_counts_places_with_the_same_character() -> None:
    assert alike("f(1, 2)", "f(1, 23)") == 6


def asked(exercise_id: str, template: str, count: int) -> list[SingleQuestion]:
    """Return questions about all functions of an exercise. Each function must have nearly as many."""
    together: list[SingleQuestion] = []
    for name, drafts in Reference(exercise_id).drafts(template, count).items():
        found = questions(drafts)
        assert len(found) >= 0.9 * count, f"{len(found)} of {count} draws give a question about {name}"
        together += found
    return together


@pytest.mark.parametrize("exercise_id", NUMPY_ONLY)
@pytest.mark.parametrize("template", TEMPLATES)
def test_blind_learners_only_guess(exercise_id: str, template: str) -> None:
    found = asked(exercise_id, template, FEW)
    wins = rates(found)
    assert max(wins.values()) <= margin(len(found), len(wins), 0.05), wins


@pytest.mark.exhaustive
@pytest.mark.parametrize("exercise_id", ASKING)
@pytest.mark.parametrize("template", TEMPLATES)
def test_blind_learners_only_guess_in_many_questions(exercise_id: str, template: str) -> None:
    found = asked(exercise_id, template, MANY)
    wins = rates(found)
    named = {name: wins[name] for name in ("longest", "first", "middle", "last", "likest")}
    assert max(map(abs, named.values())) <= WINS + margin(len(found), 2 * len(named)), named
    assert max(wins.values()) <= WINS + margin(len(found), len(wins)), wins
