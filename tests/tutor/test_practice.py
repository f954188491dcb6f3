"""Which question is practised next: on the concept that is known least, and one that says something new."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from walking import (
    CONTENTS,
    GIVE_UP,
    HINT,
    LEAVE,
    LESSON,
    PRACTICE,
    QUIZ,
    RIGHT,
    SKIP,
    WRONG,
    How,
    Learner,
)

from grader.content.questions import is_drawn
from grader.content.quiz import Practice
from grader.progress.schedule import schedule
from grader.tutor.facts import Facts
from grader.tutor.practice import question_on, weakest

ON_UP = [question.id for question in PRACTICE.questions if "up" in question.concepts]


def next_on(concept: str, learner: Learner, *avoid: str) -> str | None:
    question = question_on(learner.facts, concept, avoid)
    return question.id if question is not None else None


def practised(*answers: tuple[str, How]) -> Learner:
    """Return a learner who was asked these questions for practice, one after the other."""
    learner = Learner()
    for question, how in answers:
        learner.reviews(question, how)
    return learner


# --- a question on a concept ---


def test_new_questions_come_in_the_order_of_the_file() -> None:
    learner, asked = Learner(), []
    for _ in ON_UP:
        question = next_on("up", learner)
        assert question is not None
        asked.append(question)
        learner.reviews(question)
    assert asked == ON_UP == ["up-fixed", "up-drawn", "up-spare", "both-fixed", "both-drawn"]


def test_questions_of_quizzes_are_not_for_practice() -> None:
    assert QUIZ.questions[0].concepts == ("up",)
    assert next_on("up", Learner(replace(CONTENTS, practice=()))) is None


def test_what_was_left_open_comes_before_what_is_new() -> None:
    learner = practised(("up-spare", LEAVE), ("up-fixed", RIGHT))
    assert next_on("up", learner) == "up-spare"


def test_what_counts_is_whether_it_was_left_open_when_it_was_asked_last() -> None:
    assert next_on("up", practised(("up-drawn", RIGHT), ("up-drawn", LEAVE))) == "up-drawn"
    assert next_on("up", practised(("up-drawn", LEAVE), ("up-drawn", RIGHT))) == "up-fixed"


def test_what_is_new_comes_before_what_has_other_numbers() -> None:
    assert next_on("up", practised(("up-fixed", RIGHT), ("up-drawn", RIGHT))) == "up-spare"


def test_of_those_with_other_numbers_the_one_asked_longest_ago_comes_first() -> None:
    fixed = [("up-fixed", RIGHT), ("up-spare", RIGHT), ("both-fixed", RIGHT)]
    assert next_on("up", practised(*fixed, ("up-drawn", RIGHT), ("both-drawn", RIGHT))) == "up-drawn"
    assert next_on("up", practised(*fixed, ("both-drawn", RIGHT), ("up-drawn", RIGHT))) == "both-drawn"


@pytest.mark.parametrize("how", [RIGHT, HINT, WRONG, GIVE_UP, SKIP])
def test_a_question_without_other_numbers_is_not_asked_twice(how: How) -> None:
    """Its explanation was read."""
    learner = practised(("up-fixed", how))
    assert next_on("up", learner, *(each for each in ON_UP if each != "up-fixed")) is None


def test_one_with_other_numbers_is_asked_without_end() -> None:
    learner = practised(*[("up-drawn", RIGHT)] * 5)
    assert next_on("up", learner, *(each for each in ON_UP if each != "up-drawn")) == "up-drawn"


def test_what_is_to_be_avoided_is_avoided_even_if_it_was_left_open() -> None:
    assert next_on("up", practised(("up-fixed", LEAVE)), "up-fixed") == "up-drawn"


def test_nothing_left_gives_nothing() -> None:
    assert next_on("up", Learner(), *ON_UP) is None
    assert next_on("sideways", Learner()) is None


def test_practice_of_another_lesson_is_left_alone() -> None:
    other = replace(CONTENTS, practice=(Practice(id="run", lesson="run", questions=PRACTICE.questions),))
    assert question_on(Facts(other, LESSON, []), "up") is None


# --- on what is known least ---


def test_at_first_nothing_is_known_and_the_lessons_order_decides() -> None:
    question = weakest(Learner().facts)
    assert question is not None
    assert question.id == "up-fixed"


def test_the_concept_known_least_is_practised() -> None:
    facts = practised(("up-fixed", RIGHT), ("down-fixed", WRONG)).facts
    assert facts.level("down") < facts.level("up")
    question = weakest(facts)
    assert question is not None
    assert "down" in question.concepts


def test_what_is_mastered_is_not_practised() -> None:
    learner = practised(*[("up-drawn", RIGHT)] * 4, ("down-fixed", RIGHT))
    assert learner.facts.is_mastered("up")
    question = weakest(learner.facts)
    assert question is not None
    assert "down" in question.concepts
    assert weakest(learner.facts, among=["up"]) is None


def test_what_was_missed_three_times_in_a_row_waits_until_the_others_are_mastered() -> None:
    some = tuple(CONTENTS.questions[name] for name in ("up-drawn", "down-drawn"))
    learner = Learner(replace(CONTENTS, practice=(Practice(id="walk", lesson="walk", questions=some),)))
    for _ in range(3):
        learner.reviews("up-drawn", WRONG)
    assert learner.facts.level("up") < learner.facts.level("down")
    asked = []
    while not learner.facts.is_mastered("up"):
        question = weakest(learner.facts)
        assert question is not None
        asked.append(question.id)
        learner.reviews(question.id)
    assert asked[:5] == ["down-drawn"] * 4 + ["up-drawn"]


def test_without_a_question_on_the_weakest_comes_one_on_the_next() -> None:
    facts = practised(("up-fixed", WRONG)).facts
    assert facts.level("up") < facts.level("down")
    question = weakest(facts, avoid=ON_UP)
    assert question is not None
    assert question.id == "down-fixed"


def test_only_the_concepts_that_were_named_are_practised() -> None:
    question = weakest(Learner().facts, among=["down"])
    assert question is not None
    assert question.id == "down-fixed"
    assert weakest(Learner().facts, among=[]) is None


def test_when_everything_is_mastered_there_is_nothing_to_practise() -> None:
    learner = practised(*[("both-drawn", RIGHT)] * 4)
    assert weakest(learner.facts) is None


def test_when_nothing_is_left_there_is_nothing_to_practise() -> None:
    assert weakest(Learner().facts, avoid=[question.id for question in PRACTICE.questions]) is None


_answers = st.lists(
    st.tuples(st.sampled_from([question.id for question in PRACTICE.questions]), st.sampled_from(How)),
    max_size=25,
)


@settings(max_examples=50)
@given(_answers)
def test_what_is_chosen_says_something_new_on_something_not_mastered(
    answers: list[tuple[str, How]],
) -> None:
    facts = practised(*answers).facts
    question = weakest(facts)
    if question is None:
        assert all(facts.is_mastered(concept.id) for concept in LESSON.concepts)
        return
    assert not all(map(facts.is_mastered, question.concepts))
    assert question in PRACTICE.questions
    assert is_drawn(question) or not facts.is_closed(question)


# --- the sitting of a question that is practised ---


def test_the_first_time_the_numbers_are_the_same_for_all() -> None:
    here, there = (Learner().practice_of(CONTENTS.questions["up-drawn"]) for _ in range(2))
    assert here.id == there.id == "practice/up-drawn/1"
    assert here.sitting == there.sitting


def test_a_question_left_open_goes_on_with_the_same_numbers() -> None:
    question = CONTENTS.questions["up-drawn"]
    first = Learner().practice_of(question)
    again = practised(("up-drawn", LEAVE)).practice_of(question)
    assert again.id == first.id
    assert again.sitting.quiz == first.sitting.quiz
    assert again.sitting.state("up-drawn").tries == ("-1",)


@pytest.mark.parametrize("question_id", ["up-drawn", "down-drawn", "both-drawn"])
def test_each_time_the_numbers_are_others_than_the_time_before(question_id: str) -> None:
    """Else it would be the same question, and its answer an echo."""
    learner, prompts = Learner(), []
    for _ in range(8):
        prompts.append(learner.practice_of(CONTENTS.questions[question_id]).sitting.quiz.questions[0].prompt)
        learner.reviews(question_id)
    assert all(earlier != later for earlier, later in pairwise(prompts))


def test_a_question_left_open_in_a_review_and_then_answered_is_due_no_more() -> None:
    learner = practised(("up-fixed", LEAVE))
    learner.now += timedelta(days=2)
    (planned,) = schedule(CONTENTS, learner.log, learner.now)
    assert planned.due < learner.now
    learner.reviews("up-fixed")
    (planned,) = schedule(CONTENTS, learner.log, learner.now)
    assert planned.due > learner.now
