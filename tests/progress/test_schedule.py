"""Scheduling of reviews: a function of the log; well-known questions come back later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st
from learner_log import CONTENTS, about_code, answered, checked, day, skipped
from msgspec.structs import replace

from grader.content.problem import ContentError
from grader.progress.attempt import Attempt, Confidence, timestamp
from grader.progress.evidence import QuestionAttempt
from grader.progress.jsonl import from_lines, to_lines
from grader.progress.schedule import Planned, own_schedule, rating, schedule

HOUR = 1 / 24  # in days

HALF_A_YEAR = 180  # days


def plan(*attempts: Attempt, now: datetime = day(0)) -> dict[str, Planned]:  # noqa: B008
    return {each.question: each for each in schedule(CONTENTS, attempts, now)}


def days_until_due(*attempts: Attempt) -> float:
    """Return the days from the last of these attempts, all at one question, to its next review."""
    (planned,) = plan(*attempts).values()
    last = max(datetime.fromisoformat(attempt.time) for attempt in attempts)
    return (planned.due - last) / timedelta(days=1)


def rated(attempt: Attempt) -> Rating:
    return rating(QuestionAttempt(CONTENTS.questions[attempt.item], attempt))


# --- what is planned ---


def test_nothing_met_nothing_planned() -> None:
    assert plan() == {}
    assert plan(checked(add="passed"), skipped("tiny-q1", kind="hint", hints=1)) == {}


def test_all_questions_that_were_met_are_planned_wherever_they_were_asked() -> None:
    log = [
        answered("tiny-q1"),
        skipped("tiny-q2"),
        answered("tiny-q3", False, quiz=None, sitting="practice/tiny-q3/1"),
        answered("tiny-drawn", quiz=None, sitting="practice/tiny-drawn/1"),
    ]
    assert plan(*log).keys() == {"tiny-q1", "tiny-q2", "tiny-q3", "tiny-drawn"}


def test_a_question_that_has_changed_since_was_never_met() -> None:
    assert plan(answered("tiny-q1", content_hash="old")) == {}


def test_the_plan_says_how_often_a_question_was_asked() -> None:
    again = answered("tiny-q1", on=5, sitting="s2")
    within = answered("tiny-q1", True, on=HOUR, first_try=False)
    assert plan(answered("tiny-q1", False), within, again)["tiny-q1"].seen == 2


# --- how it was answered ---


def test_a_right_answer_comes_back_days_later() -> None:
    assert 2 <= days_until_due(answered("tiny-q1")) <= 7


def test_a_wrong_answer_comes_back_sooner() -> None:
    wrong = days_until_due(answered("tiny-q1", False))
    assert 1 <= wrong < days_until_due(answered("tiny-q1"))
    assert days_until_due(skipped("tiny-q1")) == wrong


def test_the_surer_a_right_answer_the_later_it_comes_back() -> None:
    sure, fairly, unsure = (
        days_until_due(answered("tiny-q1", confidence=confidence)) for confidence in ("high", "medium", "low")
    )
    assert sure > fairly > unsure


def test_missing_confidence_counts_as_medium() -> None:
    assert rated(answered("tiny-q1")) == rated(answered("tiny-q1", confidence="medium")) == Rating.Good


@pytest.mark.parametrize("confidence", [None, "low", "medium", "high"])
def test_hints_count_like_being_unsure(confidence: Confidence | None) -> None:
    unsure = answered("tiny-q1", confidence="low")
    assert rated(answered("tiny-q1", hints=1, confidence=confidence)) == rated(unsure) == Rating.Hard


@pytest.mark.parametrize("confidence", [None, "low", "medium", "high"])
def test_a_wrong_answer_is_rated_again_whatever_the_confidence(confidence: Confidence | None) -> None:
    assert rated(answered("tiny-q1", False, confidence=confidence, hints=2)) == Rating.Again
    assert rated(skipped("tiny-q1")) == Rating.Again


def test_later_tries_do_not_improve_the_rating() -> None:
    """But the interval starts at the last try."""
    first, later = answered("tiny-q1", False), answered("tiny-q1", True, on=3, first_try=False)
    assert days_until_due(first, later) == days_until_due(first)


# --- reviews ---


@given(st.sampled_from([None, "low", "medium", "high"]), st.integers(1, 6))
def test_every_right_review_lengthens_the_interval_up_to_half_a_year(
    confidence: Confidence | None, reviews: int
) -> None:
    log = [answered("tiny-q1", confidence=confidence)]
    intervals = [days_until_due(*log)]
    for number in range(reviews):
        due = (plan(*log)["tiny-q1"].due - day(0)) / timedelta(days=1)
        log.append(answered("tiny-q1", on=due, sitting=f"practice/tiny-q1/{number}", confidence=confidence))
        intervals.append(days_until_due(*log))
    assert all(earlier < later or later == HALF_A_YEAR for earlier, later in pairwise(intervals))
    assert max(intervals) <= HALF_A_YEAR


def test_a_wrong_review_shortens_the_interval() -> None:
    log = [answered("tiny-q1", on=on, sitting=str(on), confidence="high") for on in (0, 8, 40)]
    before = days_until_due(*log)
    after = days_until_due(*log, answered("tiny-q1", False, on=150, sitting="150"))
    assert after < before / 10


def test_a_due_question_is_no_longer_due_once_answered() -> None:
    log = [answered("tiny-q1", False), answered("tiny-q1", on=3, sitting="practice/tiny-q1/1", quiz=None)]
    assert plan(log[0])["tiny-q1"].due <= day(3) < plan(*log)["tiny-q1"].due


def test_the_chance_to_remember_falls_with_time() -> None:
    chances = [plan(answered("tiny-q1"), now=day(now))["tiny-q1"].recall for now in (3, 10, 100, 1000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.8 > 0.6 > chances[-1]


def test_before_the_due_date_the_recall_is_that_at_the_due_date() -> None:
    early, late = (plan(answered("tiny-q1"), now=day(now))["tiny-q1"].recall for now in (0, 1))
    assert early == late == pytest.approx(0.9, abs=0.05)


# --- any log ---

_questions = st.sampled_from([*CONTENTS.questions])
_when = st.integers(0, 500).map(lambda hours: hours * HOUR)
_sittings = st.integers(1, 9).map("s{}".format)
_attempts = st.one_of(
    st.builds(
        lambda item, right, on, sitting, confidence, hints, first: answered(
            item, right, on=on, sitting=sitting, confidence=confidence, hints=hints, first_try=first
        ),
        _questions,
        st.booleans(),
        _when,
        _sittings,
        st.sampled_from([None, "low", "medium", "high"]),
        st.integers(0, 2),
        st.booleans(),
    ),
    st.builds(lambda item, on, sitting: skipped(item, on=on, sitting=sitting), _questions, _when, _sittings),
)
logs = st.lists(
    _attempts, max_size=30, unique_by=lambda attempt: attempt.time
)  # one learner answers one question at a time


@given(logs, st.floats(0, 1000))
def test_the_plan_rebuilt_from_an_exported_log_is_identical(log: list[Attempt], now: float) -> None:
    exported = [line.encode() for line in to_lines(log)]
    imported = [attempt for _, attempt in from_lines(exported, "f")]
    assert schedule(CONTENTS, imported, day(now)) == schedule(CONTENTS, log, day(now))


@given(st.data(), logs)
def test_the_order_of_the_attempts_in_the_log_does_not_matter(
    data: st.DataObject, log: list[Attempt]
) -> None:
    shuffled = data.draw(st.permutations(log))
    assert schedule(CONTENTS, shuffled, day(30)) == schedule(CONTENTS, log, day(30))


@given(logs, st.floats(-10, 10_000))
def test_the_plan_for_any_log_is_consistent(log: list[Attempt], now: float) -> None:
    planned = schedule(CONTENTS, log, day(now))
    assert [each.due for each in planned] == sorted(each.due for each in planned)
    for each in planned:
        mine = [a for a in log if a.item == each.question and (a.first_try or a.kind == "skip")]
        assert 0 < each.recall <= 1
        assert 1 <= each.seen <= len(mine)
        assert each.due.tzinfo == UTC
    assert {each.question for each in planned} == {a.item for a in log if a.first_try or a.kind == "skip"}


@given(logs)
def test_nothing_is_due_before_the_day_after_it_was_answered_last(log: list[Attempt]) -> None:
    asked = {(a.item, a.sitting) for a in log if a.first_try or a.kind == "skip"}
    for name, each in plan(*log).items():
        mine = [a.time for a in log if a.item == name and (name, a.sitting) in asked]
        assert each.due >= datetime.fromisoformat(max(mine)) + timedelta(days=1)


@pytest.mark.parametrize("time", ["2026-13-01T00:00:00.000Z", "0000-01-01T00:00:00.000Z"])
def test_a_log_with_a_date_that_does_not_exist_is_refused_before_anything_is_planned(time: str) -> None:
    line = next(to_lines([answered("tiny-q1")])).replace(timestamp(day(0)), time).encode()
    with pytest.raises(ContentError):
        from_lines([line], "f")


def test_a_clock_that_was_far_ahead_does_not_break_the_plan() -> None:
    ahead = replace(answered("tiny-q1"), time="9999-12-31T00:00:00.000Z")
    assert "tiny-q2" in plan(ahead, answered("tiny-q2"))


def test_other_questions_do_not_move_a_question() -> None:
    mine = [answered("tiny-q1", False), answered("tiny-q1", on=2, sitting="s2")]
    others = [answered("tiny-q2", on=1), skipped("tiny-q3", on=3), answered("tiny-drawn", on=4)]
    assert plan(*mine, *others)["tiny-q1"] == plan(*mine)["tiny-q1"]


# --- questions about own code ---


def own_days(*log: Attempt) -> list[tuple[str, int, float]]:
    """Return the template, the number of times and the days until the next review, for each kind."""
    found = own_schedule(log, day(0))
    return [(each.template, each.seen, round((each.due - day(0)) / timedelta(days=1), 2)) for each in found]


def test_a_question_about_own_code_comes_back_a_day_after_a_miss_and_later_after_a_right_answer() -> None:
    assert own_days(about_code(False)) == own_days(about_code(None)) == [("line-count", 1, 1.0)]
    ((_, _, days),) = own_days(about_code(True))
    assert days > 1


def test_each_kind_of_question_and_each_version_of_the_code_has_its_own_review() -> None:
    log = [
        about_code(True),
        about_code(False, question="q2", template="result"),
        about_code(False, source="newer"),
    ]
    found = own_schedule(log, day(0))
    assert [(each.source, each.template) for each in found] == [
        ("newer", "line-count"), ("s", "result"), ("s", "line-count"),
    ]  # fmt: skip
    assert {(each.exercise, each.function) for each in found} == {("exercise-sum", "add")}


def test_only_the_first_answer_to_each_question_about_own_code_is_rated() -> None:
    again = about_code(True, on=0.001)
    assert own_days(about_code(False), again) == [("line-count", 1, 1.0)]
    ((_, seen, days),) = own_days(about_code(True), about_code(True, on=3, question="q2"))
    assert (seen, days > 6) == (2, True)


def test_other_attempts_plan_no_question_about_own_code() -> None:
    assert own_schedule([answered("tiny-q1"), skipped("tiny-q2"), checked(add="passed")], day(0)) == []
