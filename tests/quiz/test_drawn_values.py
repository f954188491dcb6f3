"""Drawing: the turn decides the values, texts contain them, and values survive conversion to text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace
from sample_questions import KINDS, NUMERIC, SHAPE, bundled, edited, question

from grader.content.arithmetic import Number, evaluate
from grader.content.questions import NumericQuestion, Question, ShapeQuestion, ValueQuestion
from grader.content.quiz import Quiz
from grader.content.value_questions import is_drawn
from grader.quiz.drawn_values import drawn, drawn_quiz, literal, shown, with_values

TABLE = question(NUMERIC)
BUNDLED = bundled()
TURNS = range(20)
_turns = st.integers(0, 10**6)


def table(turn: int) -> NumericQuestion:
    filled = drawn(TABLE, turn)
    assert isinstance(filled, NumericQuestion)
    return filled


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a question, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


# --- turns ---


@given(st.sampled_from(BUNDLED), _turns)
def test_a_turn_always_draws_the_same_values(asked: Question, turn: int) -> None:
    assert drawn(asked, turn) == drawn(asked, turn)


def test_turns_draw_the_same_values_on_every_machine() -> None:
    """A sitting stores its turn, not its values. Other values would change the questions of old answers."""
    assert [table(turn).answer for turn in range(8)] == ["24", "208", "2600", "300"] * 2


def test_every_choice_is_drawn_once_before_any_repeats() -> None:
    assert {table(turn).answer for turn in range(5, 9)} == {"24", "208", "300", "2600"}


def test_questions_with_the_same_choices_draw_independently() -> None:
    other = replace(TABLE, id="q2")
    assert any(table(n).answer != drawn(other, n).answer for n in range(4))


@pytest.mark.parametrize("asked", [q for q in BUNDLED if is_drawn(q)], ids=lambda q: q.id)
def test_every_drawn_question_of_the_course_changes_with_each_turn(asked: ValueQuestion) -> None:
    prompts = [drawn(asked, turn).prompt for turn in TURNS]
    assert all(earlier != later for earlier, later in pairwise(prompts))


# --- filled-in values ---


def test_values_are_filled_into_all_texts_and_formulas() -> None:
    assert isinstance(TABLE, NumericQuestion)
    filled = with_values(TABLE, {"rows": 50.0, "columns": 6.0})
    assert filled.prompt == "How many cells does a table of 50 rows and 6 columns have?"
    assert filled.answer == "300"
    assert [wrong.value for wrong in filled.wrong] == ["56", "112"]
    assert filled.wrong[0].why == "50 + 6 is a sum."
    assert filled.hints == ("A row has 6 cells.",)
    assert filled.explain == "There are 300 cells."
    assert filled.draw == {}


def test_drawing_changes_nothing_else() -> None:
    filled = table(0)
    assert (filled.id, filled.concepts, filled.section) == (TABLE.id, TABLE.concepts, TABLE.section)
    assert filled.wrong[0].misconception == "always-add"
    assert drawn(question(NUMERIC + "tolerance: 0.1\n"), 0) == replace(filled, tolerance=0.1)


def test_a_placeholder_may_contain_a_formula() -> None:
    body = edited(
        "There are {{rows * columns}} cells.",
        "{{ columns / rows }} {{(rows, None)}} {{rows}}{{rows}}",
        NUMERIC,
    )
    asked = question(body)
    assert isinstance(asked, NumericQuestion)
    filled = with_values(asked, {"rows": 4.0, "columns": 6.0})
    assert filled.explain == "1.5 (4, None) 44"


def test_values_are_filled_into_shapes() -> None:
    asked = question(SHAPE)
    assert isinstance(asked, ShapeQuestion)
    filled = with_values(asked, {"rows": 50.0})
    assert (filled.answer, [wrong.value for wrong in filled.wrong]) == ("(50, 3)", ["(3, 50)", "(150,)"])


@pytest.mark.parametrize("asked", BUNDLED, ids=lambda q: q.id)
def test_no_placeholder_is_left_in_any_text_of_the_course(asked: Question) -> None:
    for turn in TURNS:
        assert [text for text in texts(to_builtins(drawn(asked, turn))) if "{{" in text or "}}" in text] == []


@pytest.mark.parametrize("asked", [q for q in BUNDLED if is_drawn(q)], ids=lambda q: q.id)
def test_every_drawn_question_of_the_course_is_sound(asked: ValueQuestion) -> None:
    for turn in TURNS:
        filled = drawn(asked, turn)
        assert isinstance(filled, ValueQuestion)
        assert list(filled.findings()) == list(filled.findings_of_all_draws()) == []


# --- fixed questions ---


@pytest.mark.parametrize("kind", ["single", "multiple", "ordering", "matching", "text"])
def test_questions_without_values_are_returned_unchanged(kind: str) -> None:
    asked = question(KINDS[kind])
    assert drawn(asked, 3) is asked


@given(st.sampled_from(BUNDLED), _turns, _turns)
def test_drawing_a_drawn_question_changes_nothing(asked: Question, first: int, second: int) -> None:
    once = drawn(asked, first)
    assert not is_drawn(once)
    assert drawn(once, second) == once


def test_drawing_a_fixed_question_only_computes_its_values() -> None:
    body = edited("draw:\n  rows: [4, 50]\n", "", SHAPE).replace("{{rows}}", "4").replace("rows,", "4,")
    asked = question(body.replace("(3, rows)", "(3, 2 + 2)").replace("3 * rows", "3 * 4"))
    assert isinstance(asked, ShapeQuestion)
    right, wrong = asked.wrong
    computed = (replace(right, value="(3, 4)"), replace(wrong, value="(12,)"))
    assert drawn(asked, 0) == drawn(asked, 1) == replace(asked, wrong=computed)


def test_a_quiz_is_drawn_question_by_question() -> None:
    questions = tuple(replace(question(body), id=kind) for kind, body in KINDS.items())
    quiz = Quiz(id="tiny", title="Tiny", lesson="tiny", questions=questions)
    filled = drawn_quiz(quiz, 2)
    assert filled.questions == tuple(drawn(each, 2) for each in questions)
    assert replace(filled, questions=()) == replace(quiz, questions=())


# --- values as text ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (8.0, "8"),
        (-0.0, "0"),
        (9_999, "9999"),
        (10_400, "10,400"),
        (-1_234_567.0, "-1,234,567"),
        (0.25, "0.25"),
        (0.1 + 0.2, "0.3"),
        (0.00515377520732012, "0.00515378"),
        (0.00002, "2e-05"),
        (2 / 3, "0.666667"),
        (1e20, "1e+20"),
        (None, "None"),
        ((62, 10, 25), "(62, 10, 25)"),
        ((None, 10.0, 16), "(None, 10, 16)"),
        ((7,), "(7,)"),
        ((), "()"),
        ((0.6, -0.8), "(0.6, -0.8)"),
    ],
)
def test_values_are_shown_as_learners_read_them(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10_400, "10400"),
        (8.0, "8"),
        (0.1 + 0.2, "0.30000000000000004"),
        (3e-4, "0.0003"),
        (None, "None"),
        ((62, None, 2.0), "(62, None, 2)"),
        ((7,), "(7,)"),
        ((), "()"),
    ],
)
def test_values_are_written_as_literals(value: Any, text: str) -> None:
    assert literal(value) == text


_one: st.SearchStrategy[Number | None] = st.one_of(
    st.none(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.one_of(_one, st.lists(_one, max_size=8).map(tuple)))
def test_a_literal_evaluates_to_its_value(value: Any) -> None:
    assert evaluate(literal(value)) == value
    assert literal(evaluate(literal(value))) == literal(value)
