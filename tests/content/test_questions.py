"""The kinds of questions: valid ones are decoded, and flaws are reported at their line."""

from __future__ import annotations

from string import ascii_lowercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_questions import (
    KINDS,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHAPE,
    SINGLE,
    TEXT,
    edited,
    question,
    written,
)

from grader.content.base import Finding
from grader.content.course import content_hash
from grader.content.decode import decode
from grader.content.problem import ContentError, Problem
from grader.content.questions import (
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    ShapeQuestion,
    SingleQuestion,
    TextQuestion,
)
from grader.content.quiz import Practice
from grader.content.value_questions import MAX_DRAWS, is_drawn, numbers


def problems(body: str) -> list[Problem]:
    with pytest.raises(ContentError) as caught:
        decode(written(body), "f.yaml", Practice)
    return list(caught.value.problems)


def problem(body: str) -> Problem:
    (only,) = problems(body)
    return only


def line_of(part: str, body: str) -> int:
    text = written(body)
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1


def flaw_after(old: str, new: str, body: str, line: str | None = None) -> str:
    """Return the only problem of the question after a change. It must be on the changed line or on `line`."""
    body = edited(old, new, body)
    only = problem(body)
    assert only.line == line_of(line or new, body)
    return only.what


def of_all_draws(body: str) -> list[Finding]:
    asked = question(body)
    assert isinstance(asked, NumericQuestion | ShapeQuestion)
    return list(asked.findings_of_all_draws())


# --- each kind, decoded from YAML ---


def test_a_single_choice_question() -> None:
    asked = question(SINGLE)
    assert isinstance(asked, SingleQuestion)
    assert (asked.option_ids, asked.answer) == ("abc", "b")
    assert asked.text_of("b") == "Two"
    assert asked.option("a").misconception == "off-by-one"
    assert asked.shuffle


def test_a_multiple_choice_question() -> None:
    asked = question(MULTIPLE)
    assert isinstance(asked, MultipleQuestion)
    assert (asked.option_ids, asked.answer) == ("abcd", "ac")
    assert question(edited("Six, correct: true", "Six", MULTIPLE)).answer == "c"  # one right option is enough


def test_an_ordering_question() -> None:
    asked = question(ORDERING)
    assert isinstance(asked, OrderingQuestion)
    assert asked.option_ids == "abcd"
    assert [asked.text_of(letter) for letter in asked.answer] == ["Morning", "Noon", "Evening", "Night"]
    assert (asked.wrong[0].first, asked.wrong[0].second) == (1, 2)


def test_a_numeric_question() -> None:
    asked = question(NUMERIC)
    assert isinstance(asked, NumericQuestion)
    assert (asked.answer, asked.count, asked.tolerance) == ("rows * columns", 1, 0)
    assert list(asked.draws()) == [
        {"rows": 4, "columns": 6},
        {"rows": 4, "columns": 52},
        {"rows": 50, "columns": 6},
        {"rows": 50, "columns": 52},
    ]


def test_a_numeric_question_for_several_numbers() -> None:
    asked = question(edited("answer: rows * columns", "answer: (rows, columns, rows * columns)", NUMERIC))
    assert isinstance(asked, NumericQuestion)
    assert asked.count == 3


def test_a_shape_question() -> None:
    asked = question(SHAPE)
    assert isinstance(asked, ShapeQuestion)
    assert asked.answer == "(rows, 3)"
    assert question(edited("answer: (rows, 3)", "answer: (None, rows, 3)", SHAPE))


def test_a_matching_question() -> None:
    asked = question(MATCHING)
    assert isinstance(asked, MatchingQuestion)
    assert (asked.items, asked.matches) == (("A spider", "A dog", "A cat"), ("eight", "four", "six"))
    assert [asked.text_of(letter) for letter in asked.answer] == ["eight", "four", "four"]
    wrong = asked.foreseen(0, asked.option_ids[[*map(asked.text_of, asked.option_ids)].index("six")])
    assert wrong is not None and wrong.misconception == "all-crawlers-are-insects"
    once_each = question(edited("A dog, match: four", "A dog, match: two", MATCHING))
    assert once_each.guess == 1 / 24


def test_a_text_question() -> None:
    asked = question(TEXT)
    assert isinstance(asked, TextQuestion)
    assert (asked.answer, asked.accents, asked.articles) == ("café", False, ("a", "the"))
    assert asked.listed("THE CAFE") == "café" and asked.listed("A  Bar") == "bar"
    assert asked.listed("the Kitchen") == "kitchen"


def test_only_questions_with_draw_are_drawn() -> None:
    fixed = edited("draw:\n  rows: [4, 50]\n", "", SHAPE.replace("rows", "4").replace("  4:", "  rows:"))
    assert [kind for kind, body in KINDS.items() if is_drawn(question(body))] == ["numeric", "shape"]
    assert not is_drawn(question(fixed.replace("{{4}}", "4")))
    assert list(question(fixed).draws()) == [{}]  # type: ignore[union-attr]


@pytest.mark.parametrize("number", ["24", "24.5", "-2", "3e-4", "0", "1e3", "'24'", '"24"'])
def test_a_number_is_a_formula_with_or_without_quotes(number: str) -> None:
    asked = question(edited("answer: rows * columns", f"answer: {number}", NUMERIC))
    assert isinstance(asked, NumericQuestion)
    assert asked.answer == number.strip("'\"")
    wrong = question(edited("value: rows + columns", f"value: {number}", NUMERIC))
    assert isinstance(wrong, NumericQuestion)
    assert wrong.wrong[0].value == number.strip("'\"")


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_fields_of_other_kinds_are_unknown(body: str) -> None:
    field = "shuffle: false" if "options" not in body else "tolerance: 0.1"
    assert "is not a field here" in problem(body + field).what


def test_an_unknown_kind_is_reported_with_the_known_ones() -> None:
    found = problem(edited("kind: single", "kind: poem", SINGLE))
    assert (found.line, found.what) == (line_of("kind: single", SINGLE), "'poem' is not a known value")
    assert all(kind in found.todo for kind in KINDS)


# --- probability of a right guess ---


def test_the_probability_of_a_right_guess() -> None:
    chances = {kind: question(body).guess for kind, body in KINDS.items()}
    assert chances == {
        "single": 1 / 3,
        "multiple": 1 / 15,  # an answer names at least one option
        "ordering": 1 / 24,
        "matching": 1 / 27,
        "numeric": 0.02,
        "shape": 0.02,
        "text": 0.02,
    }


# --- options ---


def test_two_right_options_of_a_single_choice_question() -> None:
    first = "- {text: Three"
    assert (
        flaw_after("why: Four", "correct: true, why: Four", SINGLE, first) == "2 options are marked correct"
    )


def test_no_right_option() -> None:
    for body in (SINGLE, MULTIPLE):
        found = problem(body.replace("correct: true, ", ""))
        first = next(line for line in body.splitlines() if "- {text" in line)
        assert (found.line, found.what) == (line_of(first, body), "no option is marked correct")


@pytest.mark.parametrize("body", [SINGLE, MULTIPLE], ids=["single", "multiple"])
@pytest.mark.parametrize("count", [1, 27])
def test_too_few_or_too_many_options(body: str, count: int) -> None:
    head, rest = body[: body.index("  - {")], body[body.index("hints:") :]
    more = "".join(f"  - {{text: Wrong {n}, why: Because of {n}.}}\n" for n in range(count - 1))
    body = head + "  - {text: Right, correct: true, why: Yes.}\n" + more + rest
    found = problem(body)
    assert (found.line, found.what) == (line_of("{text: Right", body), f"the number of options is {count}")


def test_a_misconception_of_the_right_option() -> None:
    mistake = "correct: true, misconception: off-by-one"
    assert flaw_after("correct: true", mistake, SINGLE) == "the right option has a misconception"


@pytest.mark.parametrize("letter", ["", "d", "ab", "B", "1"])
def test_there_are_no_other_options(letter: str) -> None:
    asked = question(SINGLE)
    assert isinstance(asked, SingleQuestion)
    with pytest.raises(KeyError):
        asked.option(letter)


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_a_question_without_a_concept(body: str) -> None:
    text = edited("concepts: [numbers]", "concepts: []", written(body))
    with pytest.raises(ContentError) as caught:
        decode(text, "f.yaml", Practice)
    assert [(each.line, each.what) for each in caught.value.problems] == [(5, "there is no concept")]


# --- ordering ---


def test_two_items_are_too_few_for_an_order() -> None:
    body = edited("[Morning, Noon, Evening, Night]", "[Morning, Noon]", ORDERING)
    body = edited("first: 2, second: 4", "first: 1, second: 2", body)
    assert (problem(body).line, problem(body).what) == (line_of("items:", body), "the number of items is 2")


def test_more_items_than_letters_are_too_many() -> None:
    items = f"[{', '.join(f'Hour {n}' for n in range(1, 28))}]"
    body = edited("[Morning, Noon, Evening, Night]", items, ORDERING)
    assert (problem(body).line, problem(body).what) == (line_of("items:", body), "the number of items is 27")


def test_equal_items_have_no_order() -> None:
    assert flaw_after("Evening, Night", "Evening, Noon", ORDERING) == "two items are the same"


@pytest.mark.parametrize(("first", "second"), [(2, 1), (2, 2), (0, 1), (1, 5), (-1, 2)])
def test_a_rule_names_two_items_in_their_order(first: int, second: int) -> None:
    broken = f"first: {first}, second: {second}, why: The sun"
    what = flaw_after("first: 1, second: 2, why: The sun", broken, ORDERING)
    assert what == "`first` and `second` are not two items in the right order"


_ids = st.text(ascii_lowercase + digits, min_size=1, max_size=12)
_lengths = st.integers(3, 26)


def ordering(question_id: str, items: list[str]) -> OrderingQuestion:
    return OrderingQuestion(
        id=question_id,
        prompt="In which order?",
        explain="In this one.",
        concepts=("numbers",),
        section="1",
        items=tuple(items),
        otherwise="In another one.",
    )


@given(_ids, _lengths)
def test_letters_in_alphabetical_order_are_never_the_right_order(question_id: str, length: int) -> None:
    asked = ordering(question_id, [f"item {n}" for n in range(length)])
    assert list(asked.findings()) == []
    assert asked.option_ids == ascii_lowercase[:length]
    assert asked.answer != asked.option_ids
    assert sorted(asked.answer) == list(asked.option_ids)


@given(_ids, st.lists(st.text(), min_size=3, max_size=26, unique=True))
def test_the_letters_of_the_right_order_lead_to_the_items_as_written(
    question_id: str, items: list[str]
) -> None:
    asked = ordering(question_id, items)
    assert [asked.text_of(letter) for letter in asked.answer] == items


@given(_ids, _lengths)
def test_letters_stay_when_items_are_reworded(question_id: str, length: int) -> None:
    one = ordering(question_id, [f"item {n}" for n in range(length)])
    other = ordering(question_id, [f"thing {n}" for n in range(length)])
    assert one.answer == other.answer


def test_letters_are_the_same_everywhere() -> None:
    """Learners' logs contain the letters. A change would turn right answers into wrong ones."""
    assert question(ORDERING).answer == "badc"
    assert ordering("day4-n8", ["one", "two", "three", "four", "five"]).answer == "adecb"


# --- formulas and draws ---


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("rows *", "it is not a valid formula"),
        ("row * columns", "'row' is not defined under `draw:`"),
        ("rows.real", "`rows.real` is not allowed in a formula"),
        ("rows / (columns - 6)", "it divides by zero"),
        ("9 ** 9 ** 9", "a power is too large"),
        ("None", "None is not a number"),
        ("(rows, None)", "None is not a number"),
        ("true", "'true' is not defined under `draw:`"),
    ],
)
def test_a_formula_without_a_value(formula: str, what: str) -> None:
    assert flaw_after("answer: rows * columns", f"answer: {formula}", NUMERIC) == f"`{formula}`: {what}"
    wrong = f'value: "{formula}",'
    assert flaw_after("value: rows + columns,", wrong, NUMERIC) == f"`{formula}`: {what}"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("", "the value is empty"),
        ("[4, 6]", "a list where text is expected"),
        ("{a: 4}", "a mapping where text is expected"),
    ],
)
def test_what_is_no_formula_at_all(value: str, what: str) -> None:
    body = edited("answer: rows * columns", f"answer: {value}", NUMERIC)
    assert (problem(body).line, problem(body).what) == (line_of("answer:", body), what)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("of {{rows}} rows", "of {{row}} rows"),
        ("{{rows}} + {{columns}} is", "{{row}} + {{columns}} is"),
        ("otherwise: Count", 'otherwise: "{{row}}: count'),
        ("A row has {{columns}}", "A row has {{row}}"),
        ("There are {{rows *", "There are {{row *"),
    ],
    ids=["prompt", "why", "otherwise", "hint", "explain"],
)
def test_a_placeholder_with_an_unknown_name(old: str, new: str) -> None:
    body = edited(old, new, NUMERIC)
    body = body.replace("one row first.", 'one row first."') if "otherwise" in new else body
    found = problem(body)
    assert (found.line, found.what.partition(": ")[2]) == (
        line_of(new, body),
        "'row' is not defined under `draw:`",
    )


def test_a_placeholder_that_cannot_be_read() -> None:
    assert flaw_after("of {{rows}}", "of {{rows *}}", NUMERIC) == "`{{rows *}}`: it is not a valid formula"


# If decoding accepted these, asking the question and `course validate` would raise FormulaError.
@pytest.mark.parametrize(
    "formula", ["root(rows)", "rows.real", "rows[0]", "'rows'", "rows / 0", "rows if rows else 1"]
)
def test_a_placeholder_without_a_value(formula: str) -> None:
    assert f"`{{{{{formula}}}}}`" in flaw_after("of {{rows}}", f"of {{{{{formula}}}}}", NUMERIC)


def test_all_flaws_of_a_question_are_reported_at_once() -> None:
    body = edited("answer: rows * columns", "answer: row", NUMERIC)
    body = edited("value: 2 * (rows + columns)", "value: 2 *", body)
    body = edited("{{columns}} cells", "{{cells}}", body)
    found = {(each.line, each.what) for each in problems(body)}
    assert found == {
        (line_of("answer: row", body), "`row`: 'row' is not defined under `draw:`"),
        (line_of("value: 2 *", body), "`2 *`: it is not a valid formula"),
        (line_of("{{cells}}", body), "`{{cells}}`: 'cells' is not defined under `draw:`"),
    }


def test_nothing_to_draw_from() -> None:
    assert flaw_after("rows: [4, 50]", "rows: []", NUMERIC, "rows: []") == "the number of combinations is 0"


def test_too_many_draws() -> None:
    many = f"[{', '.join(map(str, range(2, MAX_DRAWS // 2 + 3)))}]"
    body = edited("rows: [4, 50]", f"rows: {many}", NUMERIC)
    assert (problem(body).line, problem(body).what) == (
        line_of("rows: [", body),
        f"the number of combinations is {MAX_DRAWS + 2:,}",
    )


def test_a_numeric_question_for_no_number_at_all() -> None:
    assert flaw_after("answer: rows * columns", "answer: ()", NUMERIC)


# --- shapes and tolerances ---


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("rows", "it is not a shape in parentheses, such as (62, 10)"),
        ("None", "it is not a shape in parentheses, such as (62, 10)"),
        ("(rows / 3, 3)", "a size is negative or not a whole number"),
        ("(1.5,)", "a size is negative or not a whole number"),
        ("(rows - 99, 3)", "a size is negative or not a whole number"),
    ],
)
def test_what_is_no_shape(formula: str, what: str) -> None:
    assert flaw_after("answer: (rows, 3)", f"answer: {formula}", SHAPE) == f"`{formula}`: {what}"
    assert flaw_after('value: "(3, rows)"', f'value: "{formula}"', SHAPE) == f"`{formula}`: {what}"


@pytest.mark.parametrize("shape", ["(rows / 2, 3)", "(None, 3)", "()", "(0, rows)", "(3.0,)"])
def test_what_is_a_shape(shape: str) -> None:
    assert question(edited("answer: (rows, 3)", f"answer: {shape}", SHAPE))


@pytest.mark.parametrize("tolerance", ["-0.01", "0.21", "1", ".nan", ".inf"])
def test_a_tolerance_out_of_range(tolerance: str) -> None:
    body = NUMERIC + f"tolerance: {tolerance}\n"
    found = problem(body)
    assert (found.line, found.what) == (
        line_of("tolerance:", body),
        f"the tolerance is {tolerance.lstrip('.') if 'n' in tolerance else tolerance}",
    )


@pytest.mark.parametrize("tolerance", ["0", "0.01", "0.2"])
def test_a_tolerance_in_range(tolerance: str) -> None:
    asked = question(NUMERIC + f"tolerance: {tolerance}\n")
    assert isinstance(asked, NumericQuestion)
    assert asked.tolerance == float(tolerance)


def test_numbers_are_the_same_within_the_tolerance() -> None:
    exact, rough = question(NUMERIC), question(NUMERIC + "tolerance: 0.01\n")
    assert isinstance(exact, NumericQuestion)
    assert isinstance(rough, NumericQuestion)
    assert exact.same(0.1 + 0.2, 0.3)  # rounding errors do not make an answer wrong
    assert not exact.same(100, 100.001)
    assert rough.same(100, 100.9)
    assert not rough.same(100, 102)
    assert rough.same((100, 7), (99.1, 7))
    assert not rough.same((100, 7), (100, 8))
    assert not rough.same((100, 7), (100,))
    assert not rough.same(100, -100)
    assert numbers(100) == numbers((100,))


def test_a_rounding_error_around_0_does_not_make_an_answer_wrong() -> None:
    exact = question(NUMERIC)
    assert isinstance(exact, NumericQuestion)
    assert exact.same(0.1 + 0.2 - 0.3, 0)


def test_shapes_are_the_same_size_by_size() -> None:
    asked = question(SHAPE)
    assert isinstance(asked, ShapeQuestion)
    assert asked.same((None, 3.0), (None, 3))
    assert not asked.same((None, 3), (4, 3))
    assert not asked.same((4, 3), (4, 3, 1))
    assert not asked.same((4, 3), (3, 4))


# --- flaws for some draws, which only `course validate` looks for ---


@pytest.mark.parametrize("body", [NUMERIC, SHAPE])
def test_a_sound_question_is_sound_for_all_draws(body: str) -> None:
    assert of_all_draws(body) == []


def test_a_wrong_value_that_is_right_for_one_draw_is_reported_with_the_draw() -> None:
    body = edited("rows: [4, 50]", "rows: [4, 2]", NUMERIC)
    body = edited("columns: [6, 52]", "columns: [6, 2]", body)  # 2 + 2 = 2 * 2
    (found,) = of_all_draws(body)
    assert found.path == ("wrong", 0, "value")
    assert found.what == "it equals the answer or an earlier wrong value for rows = 2, columns = 2"


def test_a_wrong_value_that_repeats_another_for_one_draw_is_reported_with_the_draw() -> None:
    body = edited("2 * (rows + columns)", "columns + 4", NUMERIC)
    (found,) = of_all_draws(body)
    assert found.path == ("wrong", 1, "value")
    assert found.what.endswith("for rows = 4, columns = 6")


def test_wrong_values_within_the_tolerance_are_right() -> None:
    body = edited("2 * (rows + columns)", "rows * columns * 1.05", NUMERIC)
    assert of_all_draws(body) == []
    (found,) = of_all_draws(body + "tolerance: 0.1\n")
    assert found.path == ("wrong", 1, "value")


def test_a_flaw_of_a_fixed_question_is_reported_without_a_draw() -> None:
    body = (
        NUMERIC.replace("{{", "")
        .replace("}}", "")
        .replace("draw:\n  rows: [4, 50]\n  columns: [6, 52]\n", "")
    )
    body = edited("answer: rows * columns", "answer: 24", body)
    body = edited("value: rows + columns", "value: 4 * 6", body)
    body = edited("value: 2 * (rows + columns)", "value: 20", body)
    (found,) = of_all_draws(body)
    assert found.what == "it equals the answer or an earlier wrong value"


def test_a_formula_without_a_value_for_one_draw() -> None:
    body = edited("value: 2 * (rows + columns)", "value: 1 / (rows - 50)", NUMERIC)
    (found,) = of_all_draws(body)
    assert (found.path, found.what) == (("wrong", 1, "value"), "`1 / (rows - 50)`: it divides by zero")


def test_a_size_with_a_fraction_for_one_draw() -> None:
    (found,) = of_all_draws(edited("(rows, 3)", "(rows / 4, 3)", SHAPE))
    assert (found.path, found.what) == (
        ("answer",),
        "`(rows / 4, 3)`: a size is negative or not a whole number",
    )


def test_a_placeholder_without_a_value_for_one_draw() -> None:
    (found,) = of_all_draws(edited("of {{rows}} rows", "of {{1 / (rows - 50)}} rows", NUMERIC))
    assert found.path == ("prompt",)


# --- precision ---


@pytest.mark.parametrize(
    ("more", "prompt"),
    [
        ("decimals: 1\n", "Give one decimal."),
        ("decimals: 3\n", "Give three decimals."),
        ("digits: 3\n", "Give three significant digits."),
    ],
)
def test_the_precision_is_part_of_the_prompt(more: str, prompt: str) -> None:
    asked = question(NUMERIC + more)
    assert asked.full_prompt == f"{asked.prompt} {prompt}"
    assert question(NUMERIC).full_prompt == asked.prompt
    several = question(edited("answer: rows * columns", "answer: (rows, columns)", NUMERIC) + more)
    assert several.full_prompt == f"{asked.prompt} {prompt.removesuffix('.')} for each."


def test_the_precision_is_a_paragraph_after_a_prompt_of_several() -> None:
    body = edited("prompt: How many", "prompt: |\n  Look:\n\n  How many", NUMERIC)
    assert question(body + "digits: 2\n").full_prompt.endswith("have?\n\nGive two significant digits.")


@pytest.mark.parametrize(
    ("more", "field", "what"),
    [
        ("decimals: 0\n", "decimals:", "`decimals` is 0"),
        ("decimals: 7\n", "decimals:", "`decimals` is 7"),
        ("digits: -1\n", "digits:", "`digits` is -1"),
        ("decimals: 2\ndigits: 2\n", "digits:", "there are `decimals` and `digits`"),
        ("decimals: 2.5\n", "decimals:", "2.5 is not a whole number"),
    ],
)
def test_a_precision_that_cannot_be(more: str, field: str, what: str) -> None:
    body = NUMERIC + more
    found = problem(body)
    assert (found.line, found.what) == (line_of(field, body), what)


# --- matching ---


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{item: A cat,", "{item: A  dog,", "'A dog' occurs twice"),
        ("extra: [six]", "extra: [four]", "'four' occurs before"),
        ("{item: 3, match: 1,", "{item: 3, match: 2,", "this pair is right"),
        ("match: 1,", "match: 5,", "`item` and `match` are not numbers of an item and a match"),
        ("{item: 3, match: 1,", "{item: 1, match: 4,", "an earlier entry has the same pair"),
    ],
)
def test_flaws_of_a_matching_question(old: str, new: str, what: str) -> None:
    body = edited(old, new, MATCHING)
    assert what in [each.what for each in problems(body)]


# --- texts ---


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[bar, pub]", "[bar, Café.]", "'Café.' is the same answer as 'café'"),
        ("[at home]", "[at home, The  pub]", "'The  pub' is the same answer as 'pub'"),
        ("[café, coffee-house]", "[café, CAFE]", "'CAFE' is the same answer as 'café'"),
        ("[café, coffee-house]", "[]", "there is no right answer"),
        ("[at home]", "[]", "there is no wrong answer"),
        ("articles: [a, the]", "articles: [a, of the]", "'of the' is not one word"),
        ("[at home]", f"[{'x' * 201}]", "the answer has 201 characters"),
        ("[at home]", '["\\u200b"]', "the answer has no visible character"),
    ],
)
def test_flaws_of_a_text_question(old: str, new: str, what: str) -> None:
    assert flaw_after(old, new, TEXT) == what


# --- points ---


def test_points_are_whole_numbers_and_one_by_default() -> None:
    assert (question(SINGLE).worth, question(SINGLE + "points: 3\n").worth) == (1, 3)
    for points, what in (
        ("0", "0 is out of range"),
        ("101", "101 is out of range"),
        ("1.5", "1.5 is not a whole number"),
        ("~", "None is not a whole number"),
    ):
        assert problem(f"{SINGLE}points: {points}\n").what == what


def test_a_question_without_points_keeps_its_hash() -> None:
    """Otherwise all attempts at it would become stale."""
    assert content_hash(question(SINGLE)) == "b8cb3c0075d8"
    assert content_hash(question(SINGLE + "points: 2\n")) != "b8cb3c0075d8"


# --- figures ---


def test_a_figure_is_a_file_below_the_figures_with_a_description() -> None:
    shown = question(SINGLE + "figure: {file: in/dots.svg, narrow: phone.svg, alt: Three dots}\n").picture
    assert shown is not None
    assert (shown.files, shown.words) == ({"file": "in/dots.svg", "narrow": "phone.svg"}, "Three dots")
    assert question(SINGLE).picture is None
    for figure, what in (
        ("{file: dots.svg}", "`alt` is missing"),
        ('{file: dots.svg, alt: ""}', "the text is empty"),
        ("{file: ../dots.svg, alt: Dots}", "'../dots.svg' is not in lessons/figures"),
        ("{file: /etc/passwd, alt: Dots}", "'/etc/passwd' is not in lessons/figures"),
        (f"{{file: a.svg, alt: A, drawing: {'x' * 77}}}", "a line has 77 characters"),
    ):
        assert problem(f"{SINGLE}figure: {figure}\n").what == what
