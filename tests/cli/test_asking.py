"""The conversation about one question: what learners can type, in a course and in a kit."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_questions import ESSAY, KINDS, edited, question

from grader.authoring.kit import sealed_quiz
from grader.cli.asking import Key, ask
from grader.cli.common import ConfidencePrompt
from grader.cli.conversation import Conversation, LearnerQuit
from grader.content.quiz import Quiz
from grader.quiz.answer import KEYS
from grader.tutor.asked_questions import AskedQuestion, KitQuestion, SittingQuestion
from grader.tutor.recording import Recorder
from grader.tutor.sittings import fresh_sitting

RECORDER = Recorder(None, lambda: datetime(2026, 1, 2, tzinfo=UTC))
ROADS = ["course", "kit"]
BODIES = KINDS | {"essay": ESSAY}


def asked_of(kind: str, road: str, more: str = "") -> AskedQuestion:
    quiz = Quiz(id="tiny", lesson="tiny", title="Tiny", questions=(question(BODIES[kind] + more),))
    if road == "kit":
        sealed = sealed_quiz(quiz)
        return KitQuestion(sealed, sealed.questions[0], RECORDER)
    return SittingQuestion(fresh_sitting(quiz, []), quiz.questions[0].id, RECORDER)


def talk(
    monkeypatch: pytest.MonkeyPatch,
    asked: AskedQuestion,
    typed: str,
    confidence: ConfidencePrompt = ConfidencePrompt.HIDDEN,
) -> str:
    """Ask, type these lines, and return the output. The learner may quit."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    try:
        ask(Conversation(out), asked, "Question 1 of 1", confidence)
    except LearnerQuit:
        out.write("[quit]")
    return out.getvalue()


def answers_of(asked: AskedQuestion) -> list[str]:
    if isinstance(asked, KitQuestion):
        return [] if asked.answer is None else [asked.answer]
    return [*asked.tries]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        *(("single", typed, "b") for typed in ("b", "B", "2", "(b)", "2.", " b ", "'2'")),
        *(("multiple", typed, "bd") for typed in ("b, d", "bd", "2 4", "2,4", "D B", "b 4")),
        *(("ordering", typed, "cadb") for typed in ("c a d b", "3142", "3 > 1 > 4 > 2")),
        *(("matching", typed, "cab") for typed in ("cab", "1c 2a 3b", "3B, 1C, 2A")),
        ("numeric", "24", "24"),
        ("shape", "(4, 2)", "(4, 2)"),
        ("text", " the  Bar.", "the Bar."),
        ("text", '"skip"', '"skip"'),  # without quotes, it is a key
    ],
)
def test_an_answer_can_be_typed_by_letter_or_by_number(
    monkeypatch: pytest.MonkeyPatch, road: str, kind: str, typed: str, answer: str
) -> None:
    asked = asked_of(kind, road)
    talk(monkeypatch, asked, f"{typed}\n")
    assert answers_of(asked) == [answer]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "text"])
def test_invalid_input_repeats_the_prompt(monkeypatch: pytest.MonkeyPatch, road: str, kind: str) -> None:
    asked = asked_of(kind, road)
    output = talk(monkeypatch, asked, "what?\n\n\x00\nzz9\n")
    assert output.count("Please type") == 4  # also after Enter alone
    assert output.count("Your answer (") == 5 and output.endswith("[quit]")
    assert asked.is_open and answers_of(asked) == []


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("typed", ["q\n", "quit\n", "Q.\n", ""])
def test_quitting_or_the_end_of_input_leaves_the_question_open(
    monkeypatch: pytest.MonkeyPatch, road: str, typed: str
) -> None:
    asked = asked_of("single", road)
    assert talk(monkeypatch, asked, typed).endswith("[quit]")
    assert asked.is_open


@pytest.mark.parametrize("road", ROADS)
def test_hints_keys_and_skips_work_the_same_everywhere(monkeypatch: pytest.MonkeyPatch, road: str) -> None:
    asked = asked_of("single", road)
    output = talk(monkeypatch, asked, "h\nhint\n?\ns\n")
    assert "Hint 1 of 1. Count on." in output
    assert "There are no more hints. Here is the last one again." in output
    assert "  h     show the next hint; it costs no points" in output
    assert output.count("What comes after one?") == 2
    assert not asked.is_open


def test_every_key_is_known_to_the_validation_of_answers() -> None:
    assert {word for key in Key for word in key.value} == KEYS


@pytest.mark.parametrize("road", ROADS)
def test_keys_and_odd_texts_in_a_text_question(monkeypatch: pytest.MonkeyPatch, road: str) -> None:
    asked = asked_of("text", road)
    output = talk(monkeypatch, asked, "?\nh\n**x** $y$ <b>\n" + "q\n" * (road == "course"))
    assert "Your answer (a word or a few words, ? for keys)" in output
    assert "  words " in output and "Hint 1 of 1. It is named after what it serves." in output
    assert answers_of(asked) == ["**x** $y$ <b>"]
    if road == "kit":
        assert "Recorded: **x** $y$ <b>\n" in output
    else:
        assert "Think of small tables" in output and asked.is_open
        assert "Tried: **x** $y$ <b>\n" in talk(monkeypatch, asked, "q\n")


def test_a_kit_gives_no_verdict_on_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    output = talk(monkeypatch, asked_of("single", "kit"), "1\n")
    assert output.endswith("Recorded: Three\n\n")
    assert not [word for word in ("Right", "Not yet", "Try again", "Numbers go") if word in output]


def test_enter_keeps_an_earlier_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("single", "kit")
    assert isinstance(asked, KitQuestion)
    asked.answer = "c"
    output = talk(monkeypatch, asked, "\n")
    assert "Your answer so far: Four" in output and "Enter keeps it" in output
    assert (asked.is_open, asked.answer) == (False, "c")


def test_letters_follow_the_order_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("single", "course")
    assert isinstance(asked, SittingQuestion)
    shuffled = replace(asked.logged.sitting, orders=(("c", "a", "b"),))
    asked.logged = replace(asked.logged, sitting=shuffled)
    output = talk(monkeypatch, asked, "1\nc\n")
    assert output.index("a) Four") < output.index("b) Three") < output.index("c) Two")
    assert asked.tries == ("c", "b") and not asked.is_open


def test_matches_follow_the_order_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("matching", "course")
    assert isinstance(asked, SittingQuestion)
    shuffled = replace(asked.logged.sitting, orders=(("c", "a", "b"),))  # four, six, eight
    asked.logged = replace(asked.logged, sitting=shuffled)
    output = talk(monkeypatch, asked, "1b 2a 3a\nq\n")
    assert "  1) A spider\n  2) A dog\n  3) A cat\n\n  a) four\n  b) six\n  c) eight\n" in output
    assert "Your answer (a-c for each of 1-3, ? for keys)" in output
    assert "2 of 3 are right. “A spider”: It is not an insect." in output
    assert "Tried: A spider → six; A dog → four; A cat → four" in talk(monkeypatch, asked, "caa\n")
    assert asked.tries == ("acc", "bcc") and not asked.is_open


def test_confidence_is_asked_only_after_the_first_try(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("single", "course")
    output = talk(monkeypatch, asked, "a\nvery\nhigh\nb\n", ConfidencePrompt.SHOWN)
    assert output.count("How sure are you?") == 2  # `very` is not a level
    assert "Please type 1, 2 or 3" in output
    assert output.index("How sure are you?") < output.index("Not yet.")
    assert not asked.is_open


@pytest.mark.parametrize("typed", ["a\nq\n", "a\n"])
def test_quitting_at_the_confidence_prompt_keeps_the_answer(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    asked = asked_of("single", "course")
    output = talk(monkeypatch, asked, typed, ConfidencePrompt.SHOWN)
    assert output.endswith("[quit]") and answers_of(asked) == ["a"]


def test_the_remark_on_further_tries_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    output = talk(monkeypatch, asked_of("single", "course"), "a\nc\nb\n")
    assert (output.count("Not yet."), output.count("Try again")) == (2, 1)


def test_an_answer_rounded_too_much_is_asked_for_again_and_is_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    body = edited("answer: rows * columns", "answer: 0.878622", KINDS["numeric"]) + "decimals: 3\n"
    quiz = Quiz(id="tiny", lesson="tiny", title="Tiny", questions=(question(body),))
    asked = SittingQuestion(fresh_sitting(quiz, []), quiz.questions[0].id, RECORDER)
    output = talk(monkeypatch, asked, "0.9\n0.88\n0.879\n3\n", ConfidencePrompt.SHOWN)
    assert "columns have? Give three decimals." in " ".join(output.split())
    assert output.count("Right so far. Give three decimals.") == 2
    assert output.count("How sure are you?") == 1
    assert "Right.\n" in output.replace("Right. ", "Right.\n") and "Not yet." not in output
    assert asked.tries == ("0.879",)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=5))
@pytest.mark.parametrize("road", ROADS)
def test_no_input_breaks_the_conversation(road: str, lines: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        talk(patch, asked_of("multiple", road), "\n".join(lines))


@pytest.mark.parametrize("road", ROADS)
def test_a_figure_is_told_in_words(monkeypatch: pytest.MonkeyPatch, road: str) -> None:
    asked = asked_of("single", road, "figure: {file: dots.svg, alt: Three  dots., drawing: ...}\n")
    prompt, _, rest = talk(monkeypatch, asked, "").partition("Figure: Three dots.")
    assert "What comes after one?" in prompt
    assert rest.index("To see the figure: `course lesson tiny 1 --figures`") < rest.index("a) Three")


def test_an_essay_is_recorded_and_its_criteria_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("essay", "course")
    said = talk(monkeypatch, asked, "\nTo *share* it.\n", ConfidencePrompt.SHOWN)
    before, _, after = " ".join(said.split()).partition("Recorded.")
    assert answers_of(asked) == ["To *share* it."] and not asked.is_open
    assert (
        "Please write a few sentences." in before and "(a few sentences, on one line, ? for keys)" in before
    )
    assert not any(words in before for words in ("How sure", "purpose", "baker"))
    assert "It is marked by hand. What earns points: It names a purpose; It gives an example." in after
    assert "A baker counts rolls" in after and "Not yet" not in after
    skipped = talk(monkeypatch, asked_of("essay", "course"), "s\n")
    assert "Skipped. What earns points: " in skipped and "The answer is" not in skipped


def test_an_essay_of_a_kit_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_of("essay", "kit")
    said = talk(monkeypatch, asked, "To *share* it.\n")
    assert answers_of(asked) == ["To *share* it."]
    assert "Recorded: To *share* it." in said and "purpose" not in said
