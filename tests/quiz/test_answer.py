"""Answers: reading typed text, its normal form, and the feedback on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_questions import (
    ESSAY,
    KINDS,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHAPE,
    SINGLE,
    TEXT,
    bundled,
    edited,
    question,
)

from grader.content.essay_questions import MAX_ESSAY
from grader.content.questions import (
    EssayQuestion,
    LetterQuestion,
    Option,
    OrderingQuestion,
    Question,
    SingleQuestion,
    ValueQuestion,
)
from grader.content.value_questions import WrongValue
from grader.quiz.answer import (
    MAX_TYPED,
    MISSING,
    NOT_ALL,
    AnswerRefused,
    AnswerTooRough,
    Mark,
    answer_in_words,
    given_up,
    letters_of,
    mark,
    read_answer,
    right_answer,
    what_to_type,
)
from grader.quiz.drawn_values import drawn, literal

SINGLE_, MULTIPLE_, ORDERING_, MATCHING_, TEXT_ = map(question, (SINGLE, MULTIPLE, ORDERING, MATCHING, TEXT))
NUMBER = drawn(question(NUMERIC), 3)  # 50 rows and 6 columns
SHAPE_ = drawn(question(SHAPE), 1)  # 50 rows and 3 columns
THREE = drawn(
    question(edited("answer: rows * columns", "answer: (rows, columns, rows + columns)", NUMERIC)), 3
)
EACH = dict(zip(KINDS, (SINGLE_, MULTIPLE_, ORDERING_, MATCHING_, NUMBER, SHAPE_, TEXT_), strict=True))
STRICT = {kind: asked for kind, asked in EACH.items() if kind != "text"}  # not any text is an answer

TURNS = range(7)
BUNDLED = {q.id: [drawn(q, turn) for turn in TURNS] for q in bundled()}


def refusal(asked: Question, typed: str) -> str:
    """Return the message that refuses the typed text."""
    with pytest.raises(AnswerRefused) as caught:
        read_answer(asked, typed)
    return str(caught.value)


# --- letters ---


@pytest.mark.parametrize("typed", ["b", "B", " b ", "(b)", "b.", "b)", "(B).", "b\n"])
def test_a_single_choice_takes_one_letter(typed: str) -> None:
    assert read_answer(SINGLE_, typed) == "b"


@pytest.mark.parametrize("typed", ["d", "ab", "a, b", "bb", "b or c", "two", "2"])
def test_a_single_choice_refuses_anything_but_one_letter(typed: str) -> None:
    assert refusal(SINGLE_, typed) == "Please type one of the letters a-c."


@pytest.mark.parametrize(
    "typed", ["ac", "ca", "CA", "a c", "a, c", "a,c.", "a; c", "(a) (c)", "c > a", "a-c"]
)
def test_a_multiple_choice_takes_letters_in_any_order(typed: str) -> None:
    assert read_answer(MULTIPLE_, typed) == "ac"


def test_a_multiple_choice_takes_any_number_of_letters() -> None:
    assert read_answer(MULTIPLE_, "d") == "d"
    assert read_answer(MULTIPLE_, "dcba") == "abcd"


@pytest.mark.parametrize("typed", ["e", "ae", "aa", "a c a", "none", "all", "a and c"])
def test_a_multiple_choice_takes_each_letter_once_and_no_others(typed: str) -> None:
    assert refusal(MULTIPLE_, typed) == "Please type the letters a-d of all that apply, one after another."


@pytest.mark.parametrize(
    "typed", ["dacb", "d a c b", "d>a>c>b", "d -> a -> c -> b", "D, A, C, B", "(d)(a)(c)(b)"]
)
def test_an_ordering_keeps_the_typed_order(typed: str) -> None:
    assert read_answer(ORDERING_, typed) == "dacb"


@pytest.mark.parametrize("typed", ["dac", "dacbb", "dacba", "dace", "1234"])
def test_an_ordering_needs_every_letter_once(typed: str) -> None:
    assert refusal(ORDERING_, typed) == "Please type all letters a-d in the right order, each once."


# --- one number ---


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("10400", "10400"),
        (" 10400. ", "10400"),
        ("(10400)", "10400"),
        ("[10400]", "10400"),
        ("10,400", "10400"),
        ("10 400", "10400"),
        ("10_400", "10400"),
        ("1,234,567", "1234567"),
        ("-10,400", "-10400"),
        ("10,400.5", "10400.5"),
        ("1_000", "1000"),
        ("1e3", "1000"),
        ("3e-4", "0.0003"),
        ("3E-4", "0.0003"),
        ("0.5", "0.5"),
        ("-.5", "-0.5"),
        ("-0", "0"),
        ("0.50", "0.5"),
        ("8.0", "8"),
    ],
)
def test_a_number_can_be_written_in_many_ways(typed: str, answer: str) -> None:
    assert read_answer(NUMBER, typed) == answer


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("4*50*52", "10400"),
        ("4 * 50", "200"),
        ("2**10", "1024"),
        ("1/4", "0.25"),
        ("7 // 2", "3"),
        ("5 - 8", "-3"),
    ],
)
def test_a_number_may_be_a_calculation(typed: str, answer: str) -> None:
    assert read_answer(NUMBER, typed) == answer


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("4*50*(50+2+1)", "10600"),
        ("(2+3)*(4+5)", "45"),
        ("sqrt(16)", "4"),
        ("-(3)", "-3"),
        ("max(7, 2)", "7"),
    ],
)
def test_a_calculation_may_have_parentheses_and_functions(typed: str, answer: str) -> None:
    assert read_answer(NUMBER, typed) == answer


@pytest.mark.parametrize(("typed", "answer"), [(".5", "0.5"), ("(.25)", "0.25"), (".5.", "0.5")])
def test_a_number_may_start_with_the_decimal_point(typed: str, answer: str) -> None:
    assert read_answer(NUMBER, typed) == answer


@pytest.mark.parametrize(("typed", "answer"), [("+5", "5"), ("+0.5", "0.5"), ("+1,000", "1000")])
def test_a_number_may_have_a_plus_sign(typed: str, answer: str) -> None:
    assert read_answer(NUMBER, typed) == answer


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"])
def test_a_copied_number_may_contain_special_spaces(space: str) -> None:
    assert read_answer(NUMBER, f"10{space}400") == "10400"


@pytest.mark.parametrize("typed", ["0,5", "1,5", "-0,25", "10,40", "0,0003", "(0,5)", "0,5."])
def test_a_decimal_comma_is_refused_with_advice(typed: str) -> None:
    assert refusal(NUMBER, typed) == "Please use a decimal point, not a comma."


@pytest.mark.parametrize("typed", ["0,500", "-0,001", "0,125"])
def test_a_comma_after_0_is_always_a_decimal_comma(typed: str) -> None:
    assert refusal(NUMBER, typed) == "Please use a decimal point, not a comma."


NOT_NUMBERS = """
. () ? none None b many units 5;2 1.5.2 007 5% 2^3 nan inf 1e999 1/0 9**9**9 True '5' 5+
__import__('os')
""".split()


@pytest.mark.parametrize("typed", ["", "  ", "10 400 0", "5 5", "10,400 cells", *NOT_NUMBERS])
def test_input_that_is_not_a_number_is_refused(typed: str) -> None:
    assert refusal(NUMBER, typed) == "Please type a number, such as 1200, 0.25 or 3e-4."


# --- several numbers ---


@pytest.mark.parametrize(
    "typed",
    [
        "90, 72, 18",
        "90,72,18",
        "90 72 18",
        "90; 72; 18",
        "(90, 72, 18)",
        "[90 72 18]",
        "90., 72., 18.",
        "90,  72\t18",
    ],
)
def test_several_numbers_can_be_separated_in_many_ways(typed: str) -> None:
    assert read_answer(THREE, typed) == "90, 72, 18"


def test_each_of_several_numbers_may_have_any_form() -> None:
    two = drawn(question(edited("answer: rows * columns", "answer: (0.6, 0.8)", NUMERIC)), 0)
    assert read_answer(two, "[0.6, 0.8]") == "0.6, 0.8"
    assert read_answer(two, "-3e-4 1/4") == "-0.0003, 0.25"
    assert read_answer(two, "sqrt(16), 4*50") == "4, 200"


@pytest.mark.parametrize(
    "typed", ["", "90", "90, 72", "90, 72, 18, 1", "90, 72, None", "90, 72, x", "(90)", "90/72/18"]
)
def test_only_the_requested_count_of_numbers_is_accepted(typed: str) -> None:
    assert refusal(THREE, typed) == "Please type 3 numbers, separated by commas."


@pytest.mark.parametrize("typed", ["1,152, 11,520, 3", "(1,152, 11,520, 3)"])
def test_several_numbers_may_have_thousands_separators(typed: str) -> None:
    assert answer_in_words(THREE, "1152, 11520, 3") == "1152, 11,520, 3"
    assert read_answer(THREE, typed) == "1152, 11520, 3"


# --- shapes ---


@pytest.mark.parametrize(
    "typed",
    [
        "(62, 10, 25)",
        "(62,10,25)",
        "(62, 10, 25,)",
        "[62, 10, 25]",
        "62, 10, 25",
        "62 10 25",
        "62; 10; 25.",
        "62x10x25",
        "62 x 10 x 25",
        "62×10×25",
    ],
)
def test_a_shape_can_be_written_in_many_ways(typed: str) -> None:
    assert read_answer(SHAPE_, typed) == "(62, 10, 25)"


@pytest.mark.parametrize("left_open", ["None", "none", "NONE", "?", "-", "*"])
def test_a_shape_may_leave_a_size_open(left_open: str) -> None:
    assert read_answer(SHAPE_, f"{left_open}, 10, 16") == "(None, 10, 16)"
    assert read_answer(SHAPE_, f"({left_open},10)") == "(None, 10)"
    assert read_answer(SHAPE_, left_open) == "(None,)"


@pytest.mark.parametrize(
    ("typed", "answer"), [("62", "(62,)"), ("(62,)", "(62,)"), ("()", "()"), ("1,000", "(1, 0)")]
)
def test_a_shape_may_have_one_size_or_none(typed: str, answer: str) -> None:
    assert read_answer(SHAPE_, typed) == answer


@pytest.mark.parametrize(
    "typed", ["", "x", "rows, 3", "62.5, 10", "2*31, 10", "(62, (10, 25))", "1e2", "62 by 10"]
)
def test_input_that_is_not_a_shape_is_refused(typed: str) -> None:
    advice = "Please type a shape, such as (32, 10, 1); None stands for an open size."
    assert refusal(SHAPE_, typed) == advice


# --- matches ---


@pytest.mark.parametrize(
    "typed",
    ["abc", "A, b, c", "1a 2b 3c", "3c1a2b", "1: a; 2: b; 3) c", "1-a 2->b 3 → c", "(1) a (2) b (3) c"],
)
def test_matches_are_typed_in_turn_or_with_the_numbers_of_items(typed: str) -> None:
    assert read_answer(MATCHING_, typed) == "abc"


@pytest.mark.parametrize(
    "typed", ["ab", "abcc", "abd", "1a 2b", "1a 1b 2c", "1a 2b 4c", "1a 2b 3c x", "123", "10a"]
)
def test_each_item_needs_one_match(typed: str) -> None:
    assert refusal(MATCHING_, typed) == "Please type each number 1-3 and, right after it, a letter a-c."


@pytest.mark.parametrize(
    ("answer", "score", "feedback", "misconception"),
    [
        ("acc", 0.67, "2 of 3 are right. “A spider”: It is not an insect.", "all-crawlers-are-insects"),
        ("bcb", 0.67, "2 of 3 are right. “A cat”: That would be two cats.", None),
        ("bca", 0.67, "2 of 3 are right. Count the left legs first.", None),
        (
            "aab",
            0.0,
            "0 of 3 are right. “A spider”: It is not an insect. “A cat”: That would be two cats.",
            "all-crawlers-are-insects",
        ),
    ],
)
def test_each_right_pair_earns_its_share(
    answer: str, score: float, feedback: str, misconception: str | None
) -> None:
    assert mark(MATCHING_, answer) == Mark(answer, False, score, feedback, misconception)
    assert mark(replace(MATCHING_, points=3), answer).score == round(3 * score)


# --- texts ---


@pytest.mark.parametrize(
    "typed",
    [
        "café",
        " CAFE ",
        "the Café.",
        "A cafe\u0301",
        '"café"',
        "“café”",
        "a coffee house",
        "Coffee\u2010House",
        "coffee\thouse",
    ],
)
def test_spellings_of_a_right_text(typed: str) -> None:
    assert mark(TEXT_, typed) == Mark(read_answer(TEXT_, typed), True, 1.0, "")


@pytest.mark.parametrize(
    ("typed", "why", "misconception"),
    [
        ("The PUB", "They serve something else.", "all-drinks-are-alike"),
        ("at-home", "Then there is no one to watch.", None),
        ("coffeehouse", "Think of small tables on a sidewalk.", None),
        ("the", "Think of small tables on a sidewalk.", None),
        ("?", "Think of small tables on a sidewalk.", None),
    ],
)
def test_a_wrong_text_gets_its_own_explanation(typed: str, why: str, misconception: str | None) -> None:
    assert mark(TEXT_, typed) == Mark(typed, False, 0.0, why, misconception)


@pytest.mark.parametrize("typed", ["", " ", "\0", "\u200b\u2066", "\ud800"])
def test_a_text_needs_a_character_that_can_be_seen(typed: str) -> None:
    assert refusal(TEXT_, typed) == what_to_type(TEXT_)


def test_a_text_is_kept_as_typed_except_for_what_cannot_be_seen() -> None:
    assert read_answer(TEXT_, " The\n\x1b[2J CAFE\u0301\u202e. ") == "The [2J CAFÉ."


# --- anything else ---


@pytest.mark.parametrize("asked", STRICT.values(), ids=STRICT)
@pytest.mark.parametrize("typed", ["", " ", "\t", "!", "\0", "\ud800", "ß", "☃", "x" * MAX_TYPED])
def test_nonsense_gets_advice_on_what_to_type(asked: Question, typed: str) -> None:
    assert refusal(asked, typed) == what_to_type(asked)


@pytest.mark.parametrize("asked", EACH.values(), ids=EACH)
@pytest.mark.parametrize("letter", ["a", "1", "(", "9,"])
def test_a_thousand_characters_are_too_many(asked: Question, letter: str) -> None:
    assert refusal(asked, letter * 1_000) == "An answer has at most 200 characters."


def test_spaces_around_an_answer_do_not_count() -> None:
    assert read_answer(SINGLE_, " " * 1_000 + "b") == "b"


@pytest.mark.parametrize(
    ("asked", "typed"),
    [(SHAPE_, "1 " * 99), (SHAPE_, "9" * MAX_TYPED), (NUMBER, "2**600 * 2**400")],
    ids=["many sizes", "a large size", "a large number"],
)
def test_an_answer_with_too_long_a_normal_form_is_refused(asked: Question, typed: str) -> None:
    """The normal form would be longer than the typed text and than an answer may be."""
    assert refusal(asked, typed).startswith("Please type a")


def _typed(asked: Question) -> st.SearchStrategy[str]:
    """Return a strategy for texts that a serious learner might type."""
    if isinstance(asked, LetterQuestion):
        letters = st.permutations(asked.option_ids).map("".join)
        if not isinstance(asked, OrderingQuestion):
            letters = st.builds(lambda all_, n: all_[:n], letters, st.integers(1, len(asked.option_ids)))
        return st.builds(
            lambda gap, some: gap.join(some), st.sampled_from(["", " ", ", ", ">", ") "]), letters
        )
    number = st.one_of(
        st.integers(-(10**6), 10**6).map(str),
        st.integers(0, 10**6).map("{:,}".format),
        st.floats(-1e6, 1e6).map(repr),
        st.sampled_from(["None", "?", "3e-4", "4*50", "1/3", ".5"]),
    )
    several = st.lists(number, min_size=1, max_size=5)
    return st.builds(lambda gap, some: gap.join(some), st.sampled_from([", ", " ", "x", ";"]), several)


_texts = st.text("abcdef ,.;()[]{}x×?-+/0123456789_eNon>", max_size=40)
_cases = st.sampled_from([each for some in BUNDLED.values() for each in some]).flatmap(
    lambda asked: st.tuples(st.just(asked), st.one_of(_typed(asked), _texts))
)


@given(_cases)
def test_reading_a_normal_form_changes_nothing(case: tuple[Question, str]) -> None:
    asked, typed = case
    try:
        answer = read_answer(asked, typed)
    except AnswerRefused as refused:
        assert str(refused).startswith("Please ")
    else:
        assert read_answer(asked, answer) == answer
        assert mark(asked, answer) == mark(asked, typed)
        assert mark(asked, answer).answer == answer


@given(st.sampled_from(sorted(EACH)), st.text())
def test_any_text_is_marked_or_refused(kind: str, typed: str) -> None:
    try:
        assert mark(EACH[kind], typed).answer
    except AnswerRefused as refused:
        assert str(refused).endswith(".")


# --- right answers ---


@pytest.mark.parametrize("question_id", BUNDLED)
def test_every_bundled_question_accepts_its_right_answer(question_id: str) -> None:
    for asked in BUNDLED[question_id]:
        right = right_answer(asked)
        assert read_answer(asked, right) == right
        outcome = mark(asked, right)
        assert (outcome.answer, outcome.correct, outcome.score, outcome.misconception) == (
            right,
            True,
            1.0,
            None,
        )


def test_each_kind_has_a_right_answer() -> None:
    answers = {kind: right_answer(asked) for kind, asked in EACH.items()}
    assert answers == {
        "single": "b",
        "multiple": "ac",
        "ordering": "badc",
        "matching": "bcc",
        "numeric": "300",
        "shape": "(50, 3)",
        "text": "café",
    }
    assert right_answer(THREE) == "50, 6, 56"


def test_only_questions_with_options_have_letters() -> None:
    letters = {kind: letters_of(asked) for kind, asked in EACH.items()}
    assert letters == {
        "single": "abc",
        "multiple": "abcd",
        "ordering": "abcd",
        "matching": "abc",
        **dict.fromkeys(("numeric", "shape", "text"), ""),
    }


def test_answers_are_shown_in_words() -> None:
    assert answer_in_words(SINGLE_, "b") == "Two"
    assert answer_in_words(MULTIPLE_, "ad") == "Six; Nine"
    assert answer_in_words(ORDERING_, "badc") == "1. Morning; 2. Noon; 3. Evening; 4. Night"
    assert answer_in_words(MATCHING_, "abc") == "A spider → six; A dog → eight; A cat → four"
    assert answer_in_words(NUMBER, "10400") == "10,400"
    assert answer_in_words(THREE, "0.5, 6, 56") == "0.5, 6, 56"
    assert answer_in_words(SHAPE_, "(None, 3)") == "(None, 3)"
    assert answer_in_words(TEXT_, "The  café") == "The  café"


def test_a_right_answer_gets_only_the_explanation_of_its_option() -> None:
    assert mark(SINGLE_, "b").feedback == "Two follows one."
    for kind in ("multiple", "ordering", "matching", "numeric", "shape", "text"):
        assert mark(EACH[kind], right_answer(EACH[kind])).feedback == ""


def test_mark_accepts_typed_text() -> None:
    assert mark(MULTIPLE_, "(C), a.") == mark(MULTIPLE_, "ac")
    assert mark(NUMBER, "50 * 6") == mark(NUMBER, "300")
    with pytest.raises(AnswerRefused):
        mark(SINGLE_, "d")


# --- wrong answers ---


def test_a_wrong_option_gets_its_own_explanation_and_misconception() -> None:
    assert mark(SINGLE_, "a") == Mark("a", False, 0.0, "Three comes after two.", "off-by-one")
    assert mark(SINGLE_, "c") == Mark("c", False, 0.0, "Four comes after three.", None)


def test_feedback_does_not_name_missing_options() -> None:
    assert mark(MULTIPLE_, "a") == Mark("a", False, 0.0, NOT_ALL, None)
    assert "Eight" not in NOT_ALL + MISSING


def test_each_wrong_choice_is_explained() -> None:
    outcome = mark(MULTIPLE_, "abcd")
    assert outcome.feedback == "“Seven”: One is left over. “Nine”: Four and four are not enough."
    assert outcome.misconception == "all-can-be-halved"  # the first wrong choice
    assert mark(MULTIPLE_, "acd").misconception == "large-can-be-halved"


def test_feedback_covers_both_wrong_and_missing_choices() -> None:
    assert mark(MULTIPLE_, "ab").feedback == f"“Seven”: One is left over. {MISSING}"
    assert mark(MULTIPLE_, "b").feedback == f"“Seven”: One is left over. {MISSING}"


def test_a_wrong_order_gets_the_first_rule_that_it_breaks() -> None:
    morning, noon, evening, night = [*right_answer(ORDERING_)]
    sun = Mark("", False, 0.0, "The sun rises before it is high.", "upside-down")
    new_day = Mark("", False, 0.0, "A new day begins after the night.", None)

    def marked(*letters: str) -> Mark:
        outcome = mark(ORDERING_, "".join(letters))
        assert outcome.answer == "".join(letters)
        return Mark("", outcome.correct, outcome.score, outcome.feedback, outcome.misconception)

    assert marked(noon, morning, evening, night) == sun
    assert marked(morning, night, noon, evening) == new_day
    assert marked(night, noon, evening, morning) == sun  # it breaks both rules; the first one counts
    assert marked(evening, morning, noon, night) == Mark("", False, 0.0, "Follow the sun.", None)


def test_a_foreseen_wrong_value_gets_its_own_explanation_and_misconception() -> None:
    assert mark(NUMBER, "56") == Mark("56", False, 0.0, "50 + 6 is a sum.", "always-add")
    assert mark(NUMBER, "112") == Mark("112", False, 0.0, "That is the number of edges on the border.", None)
    assert mark(SHAPE_, "3x50") == Mark("(3, 50)", False, 0.0, "Rows come first.", "columns-first")
    assert mark(SHAPE_, "150") == Mark("(150,)", False, 0.0, "That is the number of cells.", None)


def test_any_other_wrong_value_gets_the_general_feedback() -> None:
    assert mark(NUMBER, "299").feedback == "Count the cells of one row first."
    assert mark(SHAPE_, "50, 3, 1").feedback == "There is one size for each axis."
    assert mark(SHAPE_, "None, 3").feedback == "There is one size for each axis."
    assert mark(THREE, "6, 50, 56").feedback == "Count the cells of one row first."


@pytest.mark.parametrize("question_id", BUNDLED)
def test_every_foreseen_wrong_answer_gets_its_own_explanation(question_id: str) -> None:
    for asked in BUNDLED[question_id]:
        foreseen: list[tuple[str, Option | WrongValue]] = []
        if isinstance(asked, SingleQuestion):
            foreseen = [
                (letter, asked.option(letter)) for letter in asked.option_ids if letter != asked.answer
            ]
        elif isinstance(asked, ValueQuestion):
            foreseen = [(wrong.value, wrong) for wrong in asked.wrong]
        for answer, wrong in foreseen:
            outcome = mark(asked, answer)
            assert (outcome.correct, outcome.score) == (False, 0)
            assert (outcome.feedback, outcome.misconception) == (wrong.why, wrong.misconception)


# --- tolerance ---


def test_without_a_tolerance_only_rounding_errors_are_accepted() -> None:
    third = drawn(question(edited("answer: rows * columns", "answer: 1 / 3", NUMERIC)), 3)
    assert mark(third, "1/3").correct
    assert mark(third, "0.3333333333333").correct
    assert not mark(third, "0.334").correct


@pytest.mark.parametrize(
    ("typed", "right"), [("300", True), ("303", True), ("297", True), ("304", False), ("296", False)]
)
def test_a_tolerance_accepts_nearby_values(typed: str, right: bool) -> None:
    rough = drawn(question(NUMERIC + "tolerance: 0.01\n"), 3)
    assert mark(rough, typed).correct == right


def test_a_tolerance_applies_to_foreseen_wrong_values_too() -> None:
    rough = drawn(question(NUMERIC + "tolerance: 0.01\n"), 3)
    assert mark(rough, "56.3").misconception == "always-add"
    assert mark(rough, "57").feedback == "Count the cells of one row first."


def test_a_tolerance_applies_to_each_of_several_numbers() -> None:
    body = edited("answer: rows * columns", "answer: (rows, -columns)", NUMERIC) + "tolerance: 0.1\n"
    rough = drawn(question(body), 3)
    assert mark(rough, "52, -5.8").correct
    assert not mark(rough, "52, 5.8").correct
    assert not mark(rough, "52, -5").correct


def test_0_is_right_if_the_formula_misses_it_by_a_rounding_error() -> None:
    nothing = drawn(question(edited("answer: rows * columns", "answer: 0.1 + 0.2 - 0.3", NUMERIC)), 3)
    assert mark(nothing, "0").correct


def test_a_drawn_answer_is_marked_as_literal() -> None:
    assert mark(NUMBER, literal(300.0)).correct
    assert mark(SHAPE_, literal((50.0, 3))).correct


# --- rounding ---


def rounding(answer: str, more: str = "") -> Question:
    return drawn(question(edited("answer: rows * columns", f"answer: {answer}", NUMERIC) + more), 3)


def so_far(asked: Question, typed: str) -> str:
    """Return what a learner is told instead of a verdict; empty if the answer is marked."""
    try:
        mark(asked, typed)
    except AnswerTooRough as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("typed", ["0.8786", "0.879", "0.87862"])
def test_an_answer_rounded_as_finely_as_asked_is_right(typed: str) -> None:
    assert mark(rounding("0.878622", "decimals: 3\n"), typed).correct


@pytest.mark.parametrize("typed", ["0.88", "0.9", ".90"])
def test_an_answer_rounded_less_finely_is_asked_for_again(typed: str) -> None:
    assert so_far(rounding("0.878622", "decimals: 3\n"), typed) == "Right so far. Give three decimals."


@pytest.mark.parametrize("typed", ["0.87", "0.8", "1", "0", "0.877", "-0.9", "8.8e-2"])
def test_an_answer_that_is_not_rounded_but_wrong_is_marked(typed: str) -> None:
    assert not mark(rounding("0.878622", "decimals: 3\n"), typed).correct


@pytest.mark.parametrize(
    ("answer", "more", "typed", "told"),
    [
        ("0.00515378", "digits: 3\n", "0.005", "Right so far. Give three significant digits."),
        ("0.00515378", "digits: 3\n", "5.2e-3", "Right so far. Give three significant digits."),
        ("0.00515378", "digits: 3\n", "0.00515", ""),
        ("0.00515378", "digits: 3\n", "0.01", ""),
        ("18.372", "decimals: 1\n", "18", "Right so far. Give one decimal."),
        ("1.372", "decimals: 2\n", "1", "Right so far. Give two decimals."),
        ("(1.425, 0.445)", "decimals: 3\n", "1.4, 0.445", "Right so far. Give three decimals for each."),
        ("(1.425, 0.445)", "decimals: 3\n", "1.4, 0.3", ""),
        ("0.52", "", "0.5", "Right so far. Give the exact number."),
        ("(0.52, 3)", "", "0.5, 3", "Right so far. Give the exact numbers."),
        ("10451", "", "10000", ""),  # a count is not a number to round
        ("10451", "digits: 2\n", "10000", ""),
        ("0.5", "decimals: 3\n", "0.5", ""),
    ],
)
def test_the_precision_that_is_asked_for_is_said(answer: str, more: str, typed: str, told: str) -> None:
    assert so_far(rounding(answer, more), typed) == told


def test_a_foreseen_wrong_value_is_explained_even_if_it_is_a_rounding() -> None:
    asked = rounding("0.941176", "decimals: 3\n")
    foreseen = replace(asked, wrong=(WrongValue(value="0.9", why="That is the given probability."),))
    assert mark(foreseen, "0.9").feedback == "That is the given probability."


def test_wrong_values_may_be_rounded_as_asked_too() -> None:
    asked = replace(rounding("0.3", "decimals: 2\n"), wrong=(WrongValue(value="3 / 7", why="A sum."),))
    assert mark(asked, "0.43").feedback == "A sum."


@given(st.floats(0.1, 0.94).map(lambda x: round(x, 9)), st.integers(1, 6), st.integers(1, 6))
def test_every_rounding_is_right_or_right_so_far(value: float, decimals: int, given_decimals: int) -> None:
    asked = replace(rounding(repr(value), f"decimals: {decimals}\n"), wrong=())
    typed = round(value, given_decimals)
    told = so_far(asked, repr(typed))
    if given_decimals >= decimals:
        assert not told and mark(asked, repr(typed)).correct
    else:
        assert told or mark(asked, repr(typed)).correct


def test_an_essay_keeps_its_lines_and_waits_for_a_mark() -> None:
    essay = question(ESSAY)
    assert isinstance(essay, EssayQuestion)
    typed = "  To compare.\r\n\r\nAnd \x1b[2Jto\tshare. "
    verdict = mark(essay, typed)
    assert verdict == Mark(
        "To compare.\n\nAnd [2Jto share.",
        None,
        0.0,
        "What earns points: It names a purpose; It gives an example.",
    )
    assert (right_answer(essay), given_up(essay).feedback) == ("", verdict.feedback)
    for text, says in ((" \n\x1b", "write a few sentences"), ("x" * (MAX_ESSAY + 1), "at most 4000")):
        with pytest.raises(AnswerRefused, match=says):
            read_answer(essay, text)
    assert read_answer(essay, "x" * MAX_ESSAY)
    assert mark(replace(essay, criteria=()), "So.").feedback == ""
