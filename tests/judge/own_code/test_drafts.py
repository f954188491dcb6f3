"""From a key and wrong values to a question."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from grader.content.exercise import Function
from grader.judge.own_code.drafts import MAX_OPTIONS, MIN_OPTIONS, Answer, choice, typed
from grader.quiz.answer import mark

FUNCTION = Function(signature="f(x)", text="", returns={"y": "int"}, concepts=("counting",))
values = st.lists(st.one_of(st.integers(-99, 99), st.text("abc", max_size=3)), max_size=8)


@given(values, st.integers(0, 9))
def test_a_choice_has_one_right_option_and_no_two_that_look_alike(wrong: list[int | str], seed: int) -> None:
    others = [Answer(each, "Because.") for each in wrong]
    question = choice(FUNCTION, "t", "?", Answer(7, ""), others, "So it is.", Random(seed))
    if question is None:
        assert len({str(each) for each in [*wrong, 7]}) < MIN_OPTIONS
        return
    texts = [option.text for option in question.options]
    assert MIN_OPTIONS <= len(texts) == len(set(texts)) <= MAX_OPTIONS
    assert [option.text for option in question.options if option.correct] == ["7"]
    assert mark(question, question.answer).correct


def test_no_rank_among_the_options_is_likelier_than_another() -> None:
    """The key is drawn among values that could all have been the key, so sorting tells nothing."""
    ranks: Counter[int] = Counter()
    for seed in range(600):
        rng = Random(seed)
        drawn = rng.sample(range(100), 4)
        key = rng.choice(drawn)
        others = [Answer(each, "") for each in drawn if each != key]
        question = choice(FUNCTION, "t", "?", Answer(key, ""), others, "", rng)
        assert question is not None
        ranks["abcd".index(question.answer)] += 1
    assert all(110 < ranks[rank] < 190 for rank in range(4))


@given(st.lists(st.integers(-9, 9), max_size=9), st.integers(-9, 9))
def test_a_typed_number_is_marked_and_wrong_ones_are_explained(wrong: list[int], key: int) -> None:
    question = typed(FUNCTION, "t", "?", Answer(key, ""), [Answer(each, f"{each}!") for each in wrong], "")
    assert mark(question, str(key)).correct
    for value in {*wrong} - {key}:
        assert mark(question, str(value)).feedback in (f"{value}!", question.otherwise)


def test_a_shape_is_typed_as_a_shape() -> None:
    question = typed(FUNCTION, "t", "?", Answer((3, 1), ""), [Answer((3,), "One axis is missing.")], "")
    assert mark(question, "(3, 1)").correct
    assert mark(question, "(3,)").feedback == "One axis is missing."


def test_a_wrong_answer_shows_the_misconception_behind_it() -> None:
    wrong = [Answer(n, "No.", "counts-from-one") for n in (8, 9)]
    question = choice(FUNCTION, "t", "?", Answer(7, ""), wrong, "", Random(0))
    assert question is not None
    assert [option.misconception for option in question.options] == [None, *["counts-from-one"] * 2]
    assert mark(typed(FUNCTION, "t", "?", Answer(7, ""), wrong, ""), "8").misconception == "counts-from-one"
