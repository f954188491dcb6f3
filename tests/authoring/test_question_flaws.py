"""Flaws of single questions: hints that contain the answer, and repeated explanations."""

from __future__ import annotations

import json

import pytest
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
)

from grader.authoring.question_flaws import Reply, question_flaws, replies
from grader.content.base import Finding

TELLS = "the hint contains the answer"


def flaws(body: str) -> list[Finding]:
    return list(question_flaws(question(body)))


def telling(body: str, *hints: str) -> list[str]:
    """Return the hints that are reported to contain the answer; check that nothing else is reported."""
    start, end = body.index("hints:"), body.index("explain:")
    found = flaws(f"{body[:start]}hints: {json.dumps(hints)}\n{body[end:]}")
    assert {each.what for each in found} <= {TELLS}
    paths = [each.path for each in found]
    assert all(path[0] == "hints" for path in paths)
    return [hints[int(path[1])] for path in paths]


def fixed(answer: str, prompt: str = "How much is it?", more: str = "", kind: str = "numeric") -> str:
    """Return a numeric or shape question without drawn values, hints and wrong values."""
    return (
        f"kind: {kind}\nprompt: {json.dumps(prompt)}\nanswer: {json.dumps(answer)}\n{more}"
        "otherwise: Count again.\nhints: []\nexplain: So it is.\n"
    )


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_a_sound_question_has_no_flaw(body: str) -> None:
    assert flaws(body) == []


@pytest.mark.parametrize("body", KINDS.values(), ids=KINDS)
def test_a_question_without_hints(body: str) -> None:
    start, end = body.index("hints:"), body.index("explain:")
    found = [(each.path, each.what) for each in flaws(body[:start] + body[end:])]
    assert found == ([] if "kind: essay" in body else [((), "it has no hint")])


def test_a_flaw_for_some_draws_is_reported() -> None:
    (found,) = flaws(edited("columns: [6, 52]", "columns: [6, 0]", NUMERIC).replace("2 * (rows", "0 * (rows"))
    assert found.path == ("wrong", 1, "value")


# --- hints that contain the answer ---


def test_a_hint_with_the_right_option() -> None:
    assert telling(SINGLE, "Count on.", "It is two.", "TWO!", "It is twofold.") == ["It is two.", "TWO!"]


def test_a_hint_with_a_right_and_a_wrong_option_is_fine() -> None:
    assert telling(SINGLE, "Is it two or three?", "Four is twice two.") == []


def test_a_hint_with_all_pairs() -> None:
    told = "A dog and a cat have four legs, a spider has eight."
    assert telling(MATCHING, told, "A spider has eight.") == [told]


def test_a_hint_with_a_right_text() -> None:
    assert telling(TEXT, "A coffee house?", "The house of coffee.", "Cafeteria.") == ["A coffee house?"]


@pytest.mark.parametrize("answer", ["skip", "the H", "'?'"])
def test_an_answer_that_is_a_key_at_the_terminal(answer: str) -> None:
    (found,) = flaws(edited("[café, coffee-house]", f'[café, "{answer}"]', TEXT))
    assert found.path == ("answers", 1)
    assert found.what == f"{answer!r} is a command at the terminal"


def test_a_hint_with_all_right_options_of_several() -> None:
    assert telling(MULTIPLE, "Six is one of them.", "Eight and six.") == ["Eight and six."]
    assert telling(MULTIPLE, "Try six, seven and eight.") == []


def test_options_count_by_their_words_alone() -> None:
    body = edited("text: Two,", 'text: "`return_sequences=True`, of course.",', SINGLE)
    hint = "Try return sequences = true, of course!"
    assert telling(body, hint, "Look at return_sequences.") == [hint]


def test_a_right_option_that_contains_a_wrong_one_is_still_reported() -> None:
    body = edited("text: Two,", "text: Three less one,", SINGLE)
    assert telling(body, "It is three less one.") == ["It is three less one."]


def test_a_hint_with_all_items_in_the_right_order() -> None:
    hint = "First the morning, then noon, evening and night."
    assert telling(ORDERING, hint, "The morning comes before noon.") == [hint]
    assert telling(ORDERING, "Night, evening, noon, morning are the items.") == []


def test_a_hint_with_the_number() -> None:
    assert telling(fixed("24"), "It is 24.", "Count to 24!", "Is $n = 24$?") == [
        "It is 24.",
        "Count to 24!",
        "Is $n = 24$?",
    ]


def test_a_large_number_is_reported_with_and_without_commas() -> None:
    assert telling(fixed("4 * 50 * 52"), "It is 10,400.", "It is 10400.") == ["It is 10,400.", "It is 10400."]


@pytest.mark.parametrize("hint", ["124", "240", "2.4", "24.5", "0.24", "1,024", "24,000", "2 and 4", "24e-3"])
def test_a_number_inside_another_number_is_fine(hint: str) -> None:
    assert telling(fixed("24"), f"Think of {hint}.") == []


def test_small_numbers_are_recognized_as_displayed() -> None:
    assert telling(fixed("3e-4"), "It is 0.0003.", "It is 0.003.") == ["It is 0.0003."]
    assert telling(fixed("3e-5"), "It is 3e-05.", "It is 3e-06.") == ["It is 3e-05."]


def test_several_numbers_are_reported_only_in_a_row() -> None:
    three = fixed("(90, 72, 18)")
    hint = "They are 90, 72 and 18."
    assert telling(three, hint, "One of them is 90.", "18, 72, 90", "90, 1, 72, 18") == [hint]


def test_a_hint_with_the_shape() -> None:
    hints = ["It is (None, 10, 16).", "None by 10 by 16"]
    assert (
        telling(fixed("(None, 10, 16)", kind="shape"), *hints, "It has a None.", "(None, 10)", "(10, 16)")
        == hints
    )


def test_a_shape_without_spaces_is_reported_too() -> None:
    assert telling(fixed("(20, 100, 250)", kind="shape"), "It is (20,100,250).") == ["It is (20,100,250)."]


@pytest.mark.parametrize(
    ("answer", "more", "hint"),
    [
        ("tanh(1)", "tolerance: 0.01\ndecimals: 3\n", "It is 0.762."),
        ("tanh(1)", "decimals: 2\n", "It is 0.76."),
        ("24", "", "It is 24.0."),
        ("1 / 3", "", "It is 0.3333333333."),
    ],
)
def test_a_number_that_would_be_right_is_reported(answer: str, more: str, hint: str) -> None:
    assert telling(fixed(answer, more=more), hint) == [hint]


def test_an_answer_that_the_prompt_names_itself_is_fine_in_a_hint() -> None:
    assert telling(fixed("24", "Is it 24 or 25?"), "Why not 24?") == []
    assert telling(fixed("(None, 8)", "Is `(None, 8)` right?", kind="shape"), "See (None, 8).") == []
    named = edited("What comes after one?", "Does two come after one?", SINGLE)
    assert telling(named, "Look at two.") == []


def test_a_hint_with_the_answer_for_some_draws_only() -> None:
    assert telling(NUMERIC, "It is not 24.", "It is {{rows * columns}}.", "{{columns}} times as many") == [
        "It is not 24.",
        "It is {{rows * columns}}.",
    ]


def test_a_placeholder_without_a_value_for_some_draw_is_a_flaw() -> None:
    (found,) = flaws(edited("of {{rows}} rows", "of {{1 / (rows - 50)}} rows", NUMERIC))
    assert found.path == ("prompt",)


# --- repeated explanations ---


def test_two_options_with_the_same_words() -> None:
    (found,) = flaws(edited("Four comes after three.", "three comes  after TWO!", SINGLE))
    assert (found.path, found.what) == (("options", 2, "why"), "it repeats option a")
    assert found.todo == "explain what is specific to option c"


def test_two_wrong_values_with_the_same_words() -> None:
    (found,) = flaws(edited("That is the number of cells.", "Rows come first", SHAPE))
    assert (found.path, found.what) == (("wrong", 1, "why"), "it repeats wrong answer 1")


def test_two_wrong_orders_with_the_same_words() -> None:
    (found,) = flaws(edited("A new day begins after the night.", "The sun rises before it is high", ORDERING))
    assert (found.path, found.what) == (("wrong", 1, "why"), "it repeats wrong answer 1")


@pytest.mark.parametrize(
    ("body", "otherwise", "why", "number"),
    [
        (ORDERING, "Follow the sun.", "A new day begins after the night.", 2),
        (NUMERIC, "Count the cells of one row first.", "That is the number of edges on the border.", 2),
        (SHAPE, "There is one size for each axis.", "Rows come first.", 1),
    ],
)
def test_otherwise_with_the_words_of_a_wrong_answer(body: str, otherwise: str, why: str, number: int) -> None:
    (found,) = flaws(edited(otherwise, why, body))
    assert (found.path, found.what) == (("otherwise",), f"it repeats wrong answer {number}")


@pytest.mark.parametrize(
    ("body", "reply", "explain", "path"),
    [
        (SINGLE, "Two follows one.", "Numbers go up by one.", ("options", 1, "why")),
        (
            NUMERIC,
            "That is the number of edges on the border.",
            '"There are {{rows * columns}} cells."',
            ("wrong", 1, "why"),
        ),
        (SHAPE, "There is one size for each axis.", "Rows come before columns.", ("otherwise",)),
    ],
)
def test_a_reply_with_the_words_of_the_explanation(
    body: str, reply: str, explain: str, path: tuple[str, ...]
) -> None:
    (found,) = flaws(body.replace(reply, explain))
    assert (found.path, found.what) == (path, "it repeats `explain`")


def test_three_replies_with_the_same_words_are_two_flaws() -> None:
    body = SINGLE.replace("Three comes after two.", "No.").replace("Four comes after three.", "No.")
    body = edited("Two follows one.", "No.", body)
    assert [found.path for found in flaws(body)] == [("options", 1, "why"), ("options", 2, "why")]


# --- replies ---


def test_the_replies_of_each_kind() -> None:
    assert [reply.name for reply in replies(question(SINGLE))] == ["option a", "option b", "option c"]
    assert list(replies(question(SHAPE))) == [
        Reply(("wrong", 0), "wrong answer 1", "Rows come first.", "columns-first"),
        Reply(("wrong", 1), "wrong answer 2", "That is the number of cells.", None),
        Reply(("otherwise",), "`otherwise`", "There is one size for each axis.", None),
    ]
    names = [reply.name for reply in replies(question(ORDERING))]
    assert names == ["wrong answer 1", "wrong answer 2", "`otherwise`"]


def test_a_tolerance_needs_a_precision_that_learners_can_read() -> None:
    def about_tolerance(more: str) -> list[str]:
        flaws = question_flaws(question(fixed("0.25", more=more)))
        return [flaw.what for flaw in flaws if flaw.path == ("tolerance",)]

    assert about_tolerance("tolerance: 0.01\n") == ["learners cannot know how finely to round"]
    for more in ("tolerance: 0.01\ndigits: 2\n", "tolerance: 0.01\ndecimals: 2\n", ""):
        assert about_tolerance(more) == []
