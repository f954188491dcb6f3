"""Bayesian knowledge tracing: the effect of each piece of evidence on a level, and its limits."""

from __future__ import annotations

import inspect
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.progress.mastery import (
    ENOUGH,
    HELPED,
    LEARN,
    PRIOR,
    SLIP,
    THRESHOLD,
    Piece,
    is_mastered,
    level,
    updated,
)

FOUR_OPTIONS = 0.25
A_NUMBER = 0.02
ROUNDING = 1e-12  # tolerance for properties that hold exactly only for real numbers

inside = st.floats(1e-6, 1 - 1e-6)  # values closer to 1 would round to 1
closed = st.floats(0, 1)
guesses = st.floats(0.001, 1 - SLIP, exclude_max=True)  # the range that `Piece` allows


def piece(right: bool, guess: float) -> Piece:
    return Piece("question", "2026-01-02T03:04:05.678Z", right, guess)


pieces = st.builds(piece, st.booleans(), guesses)


def level_of(verdicts: str, guess: float = FOUR_OPTIONS) -> float:
    """Return the level after these answers; each letter is r (right) or w (wrong)."""
    return level([piece(verdict == "r", guess) for verdict in verdicts])


# --- the formula ---


def by_hand(known: float, right: bool, guess: float) -> float:
    """Compute Corbett & Anderson's update in exact fractions: Bayes' rule, then learning."""
    p, s, g, t = (Fraction(str(number)) for number in (known, SLIP, guess, LEARN))
    given_right = p * (1 - s) / (p * (1 - s) + (1 - p) * g)
    given_wrong = p * s / (p * s + (1 - p) * (1 - g))
    evidence = given_right if right else given_wrong
    return float(evidence + (1 - evidence) * t)


@pytest.mark.parametrize("known", [0.01, 0.3, 0.5, 0.95])
@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("guess", [A_NUMBER, FOUR_OPTIONS, HELPED])
def test_the_update_is_that_of_corbett_and_anderson(known: float, right: bool, guess: float) -> None:
    assert updated(known, right, guess) == pytest.approx(by_hand(known, right, guess), rel=1e-12)


@pytest.mark.parametrize(
    ("right", "guess", "expected"),
    [
        # 0.27 / (0.27 + 0.7 * 0.25) = 0.606742, plus a tenth of the rest
        (True, FOUR_OPTIONS, 0.646067),
        # 0.03 / (0.03 + 0.7 * 0.75) = 0.054054
        (False, FOUR_OPTIONS, 0.148649),
        # 0.27 / (0.27 + 0.7 * 0.02) = 0.950704: a number is far stronger evidence than a choice of four
        (True, A_NUMBER, 0.955634),
        # 0.03 / (0.03 + 0.7 * 0.98) = 0.041899: a wrong answer has about the same effect
        (False, A_NUMBER, 0.137709),
        # 0.27 / (0.27 + 0.7 * 0.5) = 0.435484: weak evidence after a hint
        (True, HELPED, 0.491935),
    ],
)
def test_worked_numbers(right: bool, guess: float, expected: float) -> None:
    """The prior is 0.3; slip and learning probability are 0.1."""
    assert (PRIOR, SLIP, LEARN) == (0.3, 0.1, 0.1)
    assert level([piece(right, guess)]) == pytest.approx(expected, abs=1e-6)


def test_the_update_is_a_short_function() -> None:
    assert len(inspect.getsource(updated).splitlines()) <= 30


# --- bounds ---


@given(closed, st.booleans(), guesses)
def test_an_update_returns_a_probability(known: float, right: bool, guess: float) -> None:
    assert 0 <= updated(known, right, guess) <= 1


@given(inside, st.booleans(), guesses)
def test_one_piece_never_leads_to_certainty(known: float, right: bool, guess: float) -> None:
    assert 0 < updated(known, right, guess) < 1


@given(st.lists(pieces, max_size=40))
def test_a_level_is_a_probability_and_never_below_what_is_learned(many: list[Piece]) -> None:
    assert min(PRIOR, LEARN) <= level(many) <= 1


def test_without_evidence_there_is_only_the_prior() -> None:
    assert level([]) == PRIOR


def test_later_wrong_answers_count_however_many_were_right() -> None:
    assert level_of("r" * 10 + "w" * 50, A_NUMBER) < THRESHOLD


# --- strength of evidence ---


@given(closed, guesses)
def test_right_never_gives_less_than_wrong(known: float, guess: float) -> None:
    assert updated(known, True, guess) >= updated(known, False, guess) - ROUNDING


@given(st.floats(1e-6, THRESHOLD), guesses)
def test_a_right_piece_raises_the_level(known: float, guess: float) -> None:
    assert updated(known, True, guess) > known


@given(inside, guesses)
def test_a_wrong_piece_raises_it_by_no_more_than_is_learned(known: float, guess: float) -> None:
    assert updated(known, False, guess) <= known + (1 - known) * LEARN + ROUNDING


@given(closed, closed, st.booleans(), guesses)
def test_a_higher_level_before_gives_a_higher_level_after(
    one: float, other: float, right: bool, guess: float
) -> None:
    less, more = sorted((one, other))
    assert updated(less, right, guess) <= updated(more, right, guess) + ROUNDING


@given(closed, guesses, guesses)
def test_a_right_answer_says_more_where_guessing_is_harder(known: float, one: float, other: float) -> None:
    hard, easy = sorted((one, other))
    assert updated(known, True, hard) >= updated(known, True, easy) - ROUNDING


@given(closed, guesses, guesses)
def test_a_wrong_answer_says_more_where_guessing_is_harder(known: float, one: float, other: float) -> None:
    hard, easy = sorted((one, other))
    assert updated(known, False, hard) <= updated(known, False, easy) + ROUNDING


@given(st.lists(pieces, min_size=1, max_size=20), st.data())
def test_turning_a_wrong_answer_into_a_right_one_never_lowers_a_level(
    many: list[Piece], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(many) - 1))
    before, guess, after = many[:place], many[place].guess, many[place + 1 :]
    wrong, right = (level([*before, piece(verdict, guess), *after]) for verdict in (False, True))
    assert right >= wrong - ROUNDING


# --- order ---


def test_what_was_learned_counts_more_than_what_was_forgotten() -> None:
    assert level_of("wr") > level_of("rw")


@given(inside, guesses, guesses)
def test_wrong_then_right_ends_at_least_as_high_as_right_then_wrong(
    known: float, at_right: float, at_wrong: float
) -> None:
    upwards = updated(updated(known, False, at_wrong), True, at_right)
    downwards = updated(updated(known, True, at_right), False, at_wrong)
    assert upwards >= downwards - ROUNDING


@given(st.lists(pieces, max_size=20))
def test_it_is_best_to_have_been_wrong_at_first(many: list[Piece]) -> None:
    wrong_first = sorted(many, key=lambda each: each.right)
    assert level(many) <= level(wrong_first) + ROUNDING


# --- mastered ---


@given(st.lists(pieces, max_size=ENOUGH - 1))
def test_a_few_pieces_are_never_enough_for_mastery(few: list[Piece]) -> None:
    assert not is_mastered(few)


@given(st.lists(pieces, min_size=ENOUGH, max_size=30))
def test_with_enough_pieces_the_level_decides(many: list[Piece]) -> None:
    assert is_mastered(many) == (level(many) >= THRESHOLD)


@pytest.mark.parametrize(
    ("verdicts", "guess", "mastered"),
    [
        ("rrr", A_NUMBER, False),  # too few pieces, although the level is 0.9999
        ("rrrr", A_NUMBER, True),
        ("rrrr", FOUR_OPTIONS, True),
        ("rrrr", HELPED, False),  # with hints, mastery needs more evidence
        ("wwrr", A_NUMBER, True),  # two numbers cannot be guessed by chance
        ("wwrr", FOUR_OPTIONS, False),  # two choices of four options can
        ("rrrw", FOUR_OPTIONS, False),
        ("wwww", A_NUMBER, False),
    ],
)
def test_what_is_called_mastered(verdicts: str, guess: float, mastered: bool) -> None:
    assert is_mastered([piece(verdict == "r", guess) for verdict in verdicts]) == mastered
