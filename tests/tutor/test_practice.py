"""The next practice question: it is on the weakest concept, and its answer is new evidence."""

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

from grader.content.quiz import Practice
from grader.content.value_questions import is_drawn
from grader.progress.schedule import schedule
from grader.tutor.facts import Facts
from grader.tutor.practice import question_on, weakest

ON_UP = [question.id for question in PRACTICE.questions if "up" in question.concepts]


def next_on(concept: str, learner: Learner, *avoid: str) -> str | None:
    question = question_on(learner.facts, concept, avoid)
    return question.id if question is not None else None


def practiced(*answers: tuple[str, How]) -> Learner:
    """Return a learner who answered these practice questions in order."""
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


def test_quiz_questions_are_not_used_for_practice() -> None:
    assert QUIZ.questions[0].concepts == ("up",)
    assert next_on("up", Learner(replace(CONTENTS, practice=()))) is None


def test_questions_left_open_come_before_new_ones() -> None:
    learner = practiced(("up-spare", LEAVE), ("up-fixed", RIGHT))
    assert next_on("up", learner) == "up-spare"


def test_a_question_counts_as_open_if_it_was_left_open_last_time() -> None:
    assert next_on("up", practiced(("up-drawn", RIGHT), ("up-drawn", LEAVE))) == "up-drawn"
    assert next_on("up", practiced(("up-drawn", LEAVE), ("up-drawn", RIGHT))) == "up-fixed"


def test_new_questions_come_before_repeats_with_other_numbers() -> None:
    assert next_on("up", practiced(("up-fixed", RIGHT), ("up-drawn", RIGHT))) == "up-spare"


def test_the_repeat_asked_longest_ago_comes_first() -> None:
    fixed = [("up-fixed", RIGHT), ("up-spare", RIGHT), ("both-fixed", RIGHT)]
    assert next_on("up", practiced(*fixed, ("up-drawn", RIGHT), ("both-drawn", RIGHT))) == "up-drawn"
    assert next_on("up", practiced(*fixed, ("both-drawn", RIGHT), ("up-drawn", RIGHT))) == "both-drawn"


@pytest.mark.parametrize("how", [RIGHT, HINT, WRONG, GIVE_UP, SKIP])
def test_a_question_without_other_numbers_is_not_repeated(how: How) -> None:
    """The learner has already read its explanation."""
    learner = practiced(("up-fixed", how))
    assert next_on("up", learner, *(each for each in ON_UP if each != "up-fixed")) is None


def test_a_question_with_other_numbers_can_repeat_without_end() -> None:
    learner = practiced(*[("up-drawn", RIGHT)] * 5)
    assert next_on("up", learner, *(each for each in ON_UP if each != "up-drawn")) == "up-drawn"


def test_a_question_to_avoid_is_not_asked_even_if_it_was_left_open() -> None:
    assert next_on("up", practiced(("up-fixed", LEAVE)), "up-fixed") == "up-drawn"


def test_no_question_is_returned_when_none_is_left() -> None:
    assert next_on("up", Learner(), *ON_UP) is None
    assert next_on("sideways", Learner()) is None


def test_practice_of_another_lesson_is_ignored() -> None:
    other = replace(CONTENTS, practice=(Practice(id="run", lesson="run", questions=PRACTICE.questions),))
    assert question_on(Facts(other, LESSON, []), "up") is None


# --- the weakest concept ---


def test_at_first_the_order_of_the_lesson_decides() -> None:
    question = weakest(Learner().facts)
    assert question is not None
    assert question.id == "up-fixed"


def test_the_weakest_concept_is_practiced() -> None:
    facts = practiced(("up-fixed", RIGHT), ("down-fixed", WRONG)).facts
    assert facts.level("down") < facts.level("up")
    question = weakest(facts)
    assert question is not None
    assert "down" in question.concepts


def test_mastered_concepts_are_not_practiced() -> None:
    learner = practiced(*[("up-drawn", RIGHT)] * 4, ("down-fixed", RIGHT))
    assert learner.facts.is_mastered("up")
    question = weakest(learner.facts)
    assert question is not None
    assert "down" in question.concepts
    assert weakest(learner.facts, among=["up"]) is None


def test_a_concept_missed_three_times_in_a_row_waits_until_the_others_are_mastered() -> None:
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


def test_without_a_question_on_the_weakest_concept_the_next_is_practiced() -> None:
    facts = practiced(("up-fixed", WRONG)).facts
    assert facts.level("up") < facts.level("down")
    question = weakest(facts, avoid=ON_UP)
    assert question is not None
    assert question.id == "down-fixed"


def test_only_named_concepts_are_practiced() -> None:
    question = weakest(Learner().facts, among=["down"])
    assert question is not None
    assert question.id == "down-fixed"
    assert weakest(Learner().facts, among=[]) is None


def test_nothing_is_practiced_when_everything_is_mastered() -> None:
    learner = practiced(*[("both-drawn", RIGHT)] * 4)
    assert weakest(learner.facts) is None


def test_nothing_is_practiced_when_no_question_is_left() -> None:
    assert weakest(Learner().facts, avoid=[question.id for question in PRACTICE.questions]) is None


_answers = st.lists(
    st.tuples(st.sampled_from([question.id for question in PRACTICE.questions]), st.sampled_from(How)),
    max_size=25,
)


@settings(max_examples=50)
@given(_answers)
def test_the_chosen_question_is_new_evidence_on_an_unmastered_concept(
    answers: list[tuple[str, How]],
) -> None:
    facts = practiced(*answers).facts
    question = weakest(facts)
    if question is None:
        assert all(facts.is_mastered(concept.id) for concept in LESSON.concepts)
        return
    assert not all(map(facts.is_mastered, question.concepts))
    assert question in PRACTICE.questions
    assert is_drawn(question) or not facts.is_closed(question)


# --- the sitting of a practice question ---


def test_everyone_gets_the_same_numbers_the_first_time() -> None:
    here, there = (Learner().practice_of(CONTENTS.questions["up-drawn"]) for _ in range(2))
    assert here.id == there.id == "practice/up-drawn/1"
    assert here.sitting == there.sitting


def test_a_question_left_open_keeps_its_numbers() -> None:
    question = CONTENTS.questions["up-drawn"]
    first = Learner().practice_of(question)
    again = practiced(("up-drawn", LEAVE)).practice_of(question)
    assert again.id == first.id
    assert again.sitting.quiz == first.sitting.quiz
    assert again.sitting.state("up-drawn").tries == ("-1",)


@pytest.mark.parametrize("question_id", ["up-drawn", "down-drawn", "both-drawn"])
def test_the_numbers_differ_from_the_time_before(question_id: str) -> None:
    """With the same numbers, the learner could repeat the last answer."""
    learner, prompts = Learner(), []
    for _ in range(8):
        prompts.append(learner.practice_of(CONTENTS.questions[question_id]).sitting.quiz.questions[0].prompt)
        learner.reviews(question_id)
    assert all(earlier != later for earlier, later in pairwise(prompts))


def test_a_question_left_open_in_a_review_is_no_longer_due_once_answered() -> None:
    learner = practiced(("up-fixed", LEAVE))
    learner.now += timedelta(days=2)
    (planned,) = schedule(CONTENTS, learner.log, learner.now)
    assert planned.due < learner.now
    learner.reviews("up-fixed")
    (planned,) = schedule(CONTENTS, learner.log, learner.now)
    assert planned.due > learner.now
