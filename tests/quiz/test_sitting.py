"""Sittings: invariants over every sequence of events, and the feedback on each event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import QUIZ

from grader.content.decode import decode
from grader.content.quiz import Quiz
from grader.quiz.answer import mark
from grader.quiz.sitting import (
    Answered,
    Event,
    EventRefused,
    GivenUp,
    Hint,
    HintOpened,
    Marked,
    NoHint,
    QuestionState,
    Sitting,
    Skipped,
    Stage,
    apply,
    begin,
    replay,
)

QUIZ_ = decode(QUIZ, "tiny.yaml", Quiz)
Q1, Q2, Q3 = (question.id for question in QUIZ_.questions)
HELPFUL = decode(  # with hints about the wrong options of the first question
    QUIZ.replace("comes after two.,", "comes after two., hint: Count the dots.,").replace(
        "comes after three.}", "comes after three., hint: Is three a vowel?}"
    ),
    "tiny.yaml",
    Quiz,
)

_questions = st.sampled_from(QUIZ_.questions)
_events: st.SearchStrategy[Event] = _questions.flatmap(
    lambda q: st.one_of(
        st.sampled_from([*q.option_ids]).map(lambda option: Answered(q.id, option)),
        st.just(HintOpened(q.id)),
        st.just(Skipped(q.id)),
    )
)
histories = st.lists(_events, max_size=25)


def fitting(history: list[Event], start: Sitting) -> list[Event]:
    """Return the events that the sitting accepts, in order."""
    kept = []
    for event in history:
        try:
            start, _ = apply(start, event)
        except EventRefused:
            continue
        kept.append(event)
    return kept


@given(histories, st.integers(0, 25))
def test_a_sitting_rebuilt_from_its_events_is_the_same(history: list[Event], cut: int) -> None:
    start = begin(QUIZ_, "seed")
    events = fitting(history, start)
    whole = replay(start, events)
    assert replay(replay(start, events[:cut]), events[cut:]) == whole
    assert replay(start, history) == whole  # refused events change nothing


@given(histories)
def test_the_first_try_decides_the_score_of_a_question(history: list[Event]) -> None:
    sitting = begin(QUIZ_)
    for event in fitting(history, sitting):
        before = sitting
        sitting, _ = apply(sitting, event)
        for question in QUIZ_.questions:
            first = before.first_mark(question.id)
            if first is not None:
                assert sitting.first_mark(question.id) == first
        assert 0 <= before.score <= sitting.score <= sitting.max_score


@given(histories)
def test_hints_come_in_order_without_repeats_or_gaps(history: list[Event]) -> None:
    sitting = begin(QUIZ_)
    shown: dict[str, list[int]] = {question.id: [] for question in QUIZ_.questions}
    for event in fitting(history, sitting):
        sitting, feedback = apply(sitting, event)
        if isinstance(feedback, Hint) and not feedback.again:
            shown[event.question].append(feedback.number)
            question = QUIZ_.question(event.question)
            assert question is not None
            assert feedback.text == question.hints[feedback.number - 1]
    for question_id, numbers in shown.items():
        assert numbers == list(range(1, sitting.state(question_id).hints + 1))


@given(histories)
def test_a_question_is_closed_only_by_the_right_answer_or_a_skip(history: list[Event]) -> None:
    events = fitting(history, begin(QUIZ_))
    sitting = replay(begin(QUIZ_), events)
    for question in QUIZ_.questions:
        mine = [event for event in events if event.question == question.id]
        right = Answered(question.id, question.answer) in mine
        skipped = Skipped(question.id) in mine
        assert (sitting.state(question.id).stage is not Stage.OPEN) == (right or skipped)
        assert not (right and skipped)


@given(histories, st.text(max_size=8))
def test_no_event_changes_the_order_of_the_options(history: list[Event], seed: str) -> None:
    start = begin(QUIZ_, seed)
    assert replay(start, history).orders == start.orders


def test_a_wrong_answer_is_explained_and_the_question_stays_open() -> None:
    sitting, feedback = apply(begin(QUIZ_), Answered(Q1, "a"))
    assert isinstance(feedback, Marked)
    assert feedback.first_try
    assert feedback.mark == mark(QUIZ_.questions[0], "a")
    assert feedback.mark.feedback == "Three comes after two."
    assert feedback.mark.misconception == "off-by-one"
    assert sitting.current == QUIZ_.questions[0]
    sitting, feedback = apply(sitting, Answered(Q1, "b"))
    assert isinstance(feedback, Marked)
    assert (feedback.mark.correct, feedback.first_try) == (True, False)
    assert sitting.score == 0
    assert sitting.current == QUIZ_.questions[1]


def test_a_skip_shows_the_answer_and_earns_no_point() -> None:
    sitting, feedback = apply(begin(QUIZ_), Skipped(Q1))
    assert feedback == GivenUp(mark(QUIZ_.questions[0], "b"))
    assert (sitting.score, sitting.answered) == (0, 0)
    assert sitting.current == QUIZ_.questions[1]


def test_the_last_hint_is_repeated_and_marked_as_repeated() -> None:
    sitting, feedback = apply(begin(QUIZ_), HintOpened(Q3))
    assert feedback == Hint("Use your fingers.", 1, 1, again=False)
    again, feedback = apply(sitting, HintOpened(Q3))
    assert feedback == Hint("Use your fingers.", 1, 1, again=True)
    assert again == sitting


@pytest.mark.parametrize(("answer", "text"), [("a", "Count the dots."), ("c", "Is three a vowel?")])
def test_the_first_hint_after_a_wrong_answer_is_about_that_answer(answer: str, text: str) -> None:
    sitting = replay(begin(HELPFUL), [HintOpened(Q1), Answered(Q1, answer)])
    sitting, feedback = apply(sitting, HintOpened(Q1))
    assert feedback == Hint(text, 2, 4, again=False, about_answer=True)
    sitting, feedback = apply(sitting, HintOpened(Q1))
    assert feedback == Hint("Not three.", 3, 4, again=False)
    assert sitting.state(Q1).opened == ("Count on.", text, "Not three.")


def test_a_second_wrong_answer_has_a_hint_of_its_own_and_none_comes_twice() -> None:
    events = [Answered(Q1, "a"), HintOpened(Q1), Answered(Q1, "c"), HintOpened(Q1), Answered(Q1, "a")]
    sitting = replay(begin(HELPFUL), events)
    assert sitting.state(Q1).opened == ("Count the dots.", "Is three a vowel?")
    sitting, feedback = apply(sitting, HintOpened(Q1))
    assert feedback == Hint("Count on.", 3, 5, again=False)


def test_before_a_wrong_answer_no_hint_speaks_of_one() -> None:
    sitting = replay(begin(HELPFUL), [HintOpened(Q1)] * 5)
    assert sitting.state(Q1).opened == HELPFUL.questions[0].hints


def test_a_question_without_hints_reports_that_it_has_none() -> None:
    sitting, feedback = apply(begin(QUIZ_), HintOpened(Q2))
    assert feedback == NoHint()
    assert sitting.untouched


@pytest.mark.parametrize(
    "event", [Answered("other", "a"), Answered(Q3, "c"), Answered(Q1, ""), Answered(Q1, "ab"), Skipped("x")]
)
def test_invalid_events_are_refused(event: Event) -> None:
    with pytest.raises(EventRefused):
        apply(begin(QUIZ_), event)


def test_a_closed_question_accepts_no_more_events() -> None:
    sitting, _ = apply(begin(QUIZ_), Answered(Q1, "b"))
    for event in (Answered(Q1, "a"), HintOpened(Q1), Skipped(Q1)):
        with pytest.raises(EventRefused):
            apply(sitting, event)


def test_each_option_gets_its_own_feedback() -> None:
    for question in QUIZ_.questions:
        feedback_by_option = {
            option_id: mark(question, option_id).feedback for option_id in question.option_ids
        }
        assert [*feedback_by_option.values()] == [option.why for option in question.options]


def test_all_right_answers_earn_the_full_score() -> None:
    sitting = replay(begin(QUIZ_), [Answered(q.id, q.answer) for q in QUIZ_.questions])
    assert (sitting.score, sitting.max_score, sitting.current) == (3, 3, None)
    assert {state.stage for state in sitting.states} == {Stage.SOLVED}
    assert sitting.states != (QuestionState(),) * 3
