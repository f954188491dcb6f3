"""The path through a lesson: the next step, whatever the learner has done."""

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
    VERSION,
    WRONG,
    How,
    Learner,
)

from grader.content.quiz import Practice
from grader.content.value_questions import is_drawn
from grader.progress.evidence import Contents, VersionedExercise
from grader.progress.jsonl import from_lines, to_lines
from grader.quiz.sitting import Stage
from grader.tutor.facts import Facts
from grader.tutor.path import ENOUGH_MISSES, AskQuestion, FinishLesson, ReadSection, Reason, next_step

MISSES = [WRONG, GIVE_UP, SKIP]  # whatever follows the first try


def with_practice(*question_ids: str) -> Contents:
    """Return the course with only these practice questions."""
    some = tuple(question for question in PRACTICE.questions if question.id in question_ids)
    return replace(CONTENTS, practice=(Practice(id="walk", lesson="walk", questions=some),))


# --- in order ---


def test_a_learner_who_is_always_right_goes_straight_through() -> None:
    learner = Learner()
    assert learner.goes_to("finish") == [
        "read 1",
        "ask up-quiz",  # placed in the section; two practice questions on it follow
        "ask up-fixed",
        "ask up-drawn",
        "read 2",
        "ask down-quiz",
        "ask down-fixed",
        "ask down-drawn",
        "do exercise-steps",
        "read 3",
        "ask both-fixed",  # now both concepts are mastered
    ]
    assert learner.step == FinishLesson(())


def test_quiz_questions_belong_to_a_quiz_and_practice_questions_do_not() -> None:
    learner = Learner()
    learner.goes_to("ask up-quiz")
    assert learner.step == AskQuestion(QUIZ.questions[0], QUIZ)
    learner.does()
    assert learner.step == AskQuestion(PRACTICE.questions[0], None)


def test_all_questions_of_the_quiz_share_one_sitting() -> None:
    learner = Learner()
    learner.goes_to("finish")
    assert len({attempt.sitting for attempt in learner.log if attempt.quiz == "walk"}) == 1


def test_a_quiz_taken_before_is_not_asked_again() -> None:
    learner = Learner()
    learner.takes_the_quiz(RIGHT, RIGHT)
    assert learner.walks(RIGHT, RIGHT) == ["read 1", "ask up-fixed"]


def test_an_answer_after_a_hint_is_not_a_miss() -> None:
    assert Learner().walks(RIGHT, HINT, HINT, HINT) == [
        "read 1",
        "ask up-quiz",
        "ask up-fixed",
        "ask up-drawn",
    ]


# --- after a miss ---


@pytest.mark.parametrize("miss", MISSES)
def test_a_miss_leads_back_to_the_section_and_then_to_another_question(miss: How) -> None:
    learner = Learner()
    assert learner.walks(RIGHT, miss) == ["read 1", "ask up-quiz"]
    step = learner.step
    assert isinstance(step, ReadSection) and (step.section, step.missed) == (LESSON.sections[0], "up")
    assert learner.walks(RIGHT, RIGHT) == ["read 1 again", "again up-fixed"]
    assert learner.next == "ask up-drawn"  # and the path goes on


def test_skipping_the_second_reading_still_leads_to_another_question() -> None:
    learner = Learner()
    assert learner.walks(RIGHT, WRONG, SKIP) == ["read 1", "ask up-quiz", "read 1 again"]
    assert learner.next == "again up-fixed"


def test_a_second_miss_leads_to_another_question_but_not_back_again() -> None:
    learner = Learner()
    learner.goes_to("again up-fixed", WRONG)
    assert learner.walks(WRONG, RIGHT) == ["again up-fixed", "again up-drawn"]


def test_a_later_run_may_lead_back_again() -> None:
    learner = Learner()
    learner.goes_to("again up-drawn", WRONG)
    learner.comes_back()
    assert learner.next == "read 1 again"


def test_after_three_misses_since_the_reading_the_path_moves_on() -> None:
    learner = Learner()
    before = learner.goes_to("read 2", WRONG)
    assert before == [
        *("read 1", "ask up-quiz"),
        *("read 1 again", "again up-fixed", "again up-drawn", "again up-spare"),
    ]
    section = LESSON.sections[0]
    assert learner.facts.misses_in_a_row("up", learner.facts.settled(section)) == ENOUGH_MISSES


def test_a_right_answer_ends_a_run_of_misses() -> None:
    learner = Learner()
    learner.walks(RIGHT, WRONG, RIGHT, WRONG, RIGHT)
    assert learner.facts.misses_in_a_row("up") == 0
    learner.goes_to("ask both-fixed")
    learner.does(WRONG)
    assert learner.next == "read 3 again"


def test_the_other_question_never_comes_from_the_quiz() -> None:
    """Quiz questions count toward the score, so they are asked only in their place."""
    learner = Learner(with_practice())
    assert learner.walks(RIGHT, WRONG, RIGHT) == ["read 1", "ask up-quiz", "read 1 again"]
    assert learner.next == "read 2"


def test_the_other_question_is_not_the_same_with_other_numbers() -> None:
    learner = Learner(with_practice("up-drawn"))
    learner.goes_to("ask up-drawn")
    assert learner.walks(WRONG, RIGHT) == ["ask up-drawn", "read 1 again"]
    assert learner.next == "read 2"


def test_the_other_question_waits_until_its_section_is_read() -> None:
    learner = Learner(with_practice("both-fixed"))
    learner.walks(RIGHT, WRONG)
    assert "again both-fixed" not in learner.goes_to("read 3")
    assert learner.walks(RIGHT, RIGHT) == ["read 3", "again both-fixed"]


def test_misses_in_a_quiz_taken_before_need_no_second_reading() -> None:
    """The section is read after the miss anyway."""
    learner = Learner()
    learner.takes_the_quiz(WRONG, RIGHT)
    assert learner.walks(RIGHT, RIGHT, RIGHT) == ["read 1", "again up-fixed", "ask up-drawn"]


def test_a_miss_in_a_review_leads_back_too() -> None:
    learner = Learner()
    learner.goes_to("read 2")
    learner.comes_back()
    learner.reviews("up-quiz", WRONG)
    assert learner.walks(RIGHT, RIGHT, RIGHT) == ["read 1 again", "again up-spare", "read 2"]


def test_a_miss_on_a_mastered_concept_does_not_lead_back() -> None:
    learner = Learner()
    for question in ("up-fixed", "up-spare", *["up-drawn"] * 7):
        learner.reviews(question)
    assert learner.walks(RIGHT, WRONG) == ["pass 1", "ask up-quiz"]
    assert learner.next == "read 2"


def test_a_clock_set_back_does_not_repeat_a_section_forever() -> None:
    learner = Learner()
    learner.walks(RIGHT, WRONG)
    learner.now -= timedelta(hours=1)
    assert learner.walks(RIGHT, RIGHT) == ["read 1 again", "again up-fixed"]


# --- questions left open ---


@pytest.mark.parametrize("question", ["ask up-quiz", "ask up-fixed", "ask up-drawn", "ask both-fixed"])
def test_a_question_left_open_is_asked_again_first(question: str) -> None:
    learner = Learner()
    learner.goes_to(question)
    learner.does(LEAVE)
    learner.comes_back()
    assert learner.next == question


@pytest.mark.parametrize("question", ["again up-fixed", "again up-drawn"])
def test_another_question_left_open_is_asked_again_first_too(question: str) -> None:
    learner = Learner()
    learner.goes_to(question, WRONG)
    learner.does(LEAVE)
    learner.comes_back()
    assert learner.next.split()[-1] == question.split()[-1]


def test_a_question_left_after_a_hint_resumes_where_it_was() -> None:
    learner = Learner()
    learner.walks(RIGHT, HINT)
    opened = Learner(log=learner.log[:-1])  # stopped before the answer
    assert opened.next == "ask up-quiz"
    step = opened.step
    assert isinstance(step, AskQuestion)
    assert opened.sitting_of(step).sitting.state("up-quiz").hints == 1


def test_a_quiz_question_left_open_in_a_review_is_asked_in_an_open_sitting() -> None:
    """It may already be closed in the quiz's sitting. Asking it there would never end."""
    learner = Learner()
    learner.walks(RIGHT, RIGHT)
    learner.reviews("up-quiz", LEAVE)
    learner.goes_to("ask up-quiz")
    step = learner.step
    assert isinstance(step, AskQuestion)
    assert learner.sitting_of(step).sitting.state("up-quiz").stage is Stage.OPEN


@pytest.mark.parametrize("since", [[], [RIGHT, RIGHT, RIGHT, LEAVE]])  # the last is in the quiz
def test_after_an_import_quiz_questions_are_asked_in_an_open_sitting(since: list[How]) -> None:
    """Each of two machines has a sitting of the quiz. The other machine's log comes last."""
    elsewhere, here = Learner(), Learner()
    elsewhere.walks(RIGHT, RIGHT)
    here.comes_back()
    here.walks(RIGHT, LEAVE)
    elsewhere.now = here.now
    elsewhere.walks(*since)
    here.log += elsewhere.log
    here.goes_to("ask up-quiz")
    step = here.step
    assert isinstance(step, AskQuestion)
    assert here.sitting_of(step).sitting.state("up-quiz").stage is Stage.OPEN


# --- mastered concepts ---


def test_a_section_with_mastered_concepts_is_skipped_and_announced_once() -> None:
    learner = Learner()
    for question in ("up-fixed", "up-drawn", "up-drawn", "up-spare"):
        learner.reviews(question)
    assert learner.facts.is_mastered("up")
    done = learner.goes_to("finish")
    assert done[:3] == ["pass 1", "ask up-quiz", "read 2"]  # the quiz must be taken anyway
    assert done.count("pass 1") == 1


def test_a_section_with_one_unmastered_concept_is_read() -> None:
    learner = Learner()
    for question in ("up-fixed", "up-drawn", "up-drawn", "up-spare"):
        learner.reviews(question)
    assert "read 3" in learner.goes_to("finish")


def test_a_section_without_concepts_is_always_read() -> None:
    bare = tuple(replace(section, concepts=()) for section in LESSON.sections)
    learner = Learner(replace(CONTENTS, lessons=(replace(LESSON, sections=bare),)))
    for question in ("up-fixed", "up-drawn", "up-drawn", "up-spare"):
        learner.reviews(question)
    assert learner.next == "read 1"


def test_a_section_that_was_read_is_not_skipped_later() -> None:
    learner = Learner()
    learner.goes_to("finish")
    assert learner.facts.is_mastered("up")
    learner.comes_back()
    assert learner.next == "finish"


# --- exercises ---


def test_an_exercise_comes_back_until_it_is_passed() -> None:
    learner = Learner()
    learner.goes_to("do exercise-steps")
    assert learner.walks(LEAVE, LEAVE, RIGHT) == ["do exercise-steps"] * 3
    assert learner.next == "read 3"


def test_an_exercise_that_was_set_aside_does_not_come_back() -> None:
    learner = Learner()
    learner.goes_to("do exercise-steps")
    learner.does(SKIP)
    assert learner.next == "read 3"
    assert "do exercise-steps" not in learner.goes_to("finish")


def test_an_exercise_passed_before_is_done() -> None:
    learner = Learner()
    learner.check("exercise-steps", passed=True)
    learner.check("exercise-steps", passed=False)  # a later failure changes nothing
    assert "do exercise-steps" not in learner.goes_to("finish")


@pytest.mark.parametrize("how", [RIGHT, SKIP])
def test_a_changed_exercise_comes_back(how: How) -> None:
    learner = Learner()
    learner.goes_to("do exercise-steps")
    learner.does(how)
    (versioned,) = CONTENTS.exercises
    changed = VersionedExercise(versioned.exercise, VERSION + "+")
    learner.contents = replace(CONTENTS, exercises=(changed,))
    assert learner.next == "do exercise-steps"


def test_an_exercise_missing_from_the_course_is_left_out() -> None:
    learner = Learner(replace(CONTENTS, exercises=()))
    assert "do exercise-steps" not in learner.goes_to("finish")


# --- the end ---


def test_at_the_end_unmastered_concepts_are_practiced_weakest_first() -> None:
    learner = Learner()
    learner.goes_to("do exercise-steps", HINT)
    learner.does()
    learner.reviews("down-drawn", WRONG)  # now this concept is weaker
    learner.reviews("down-drawn", HINT)
    learner.goes_to("ask both-fixed", HINT)
    learner.walks(HINT, HINT)
    facts, step = learner.facts, learner.step
    assert facts.level("down") < facts.level("up")
    assert isinstance(step, AskQuestion)
    assert (step.reason, step.quiz, step.question.concepts[0]) == (Reason.UNMASTERED, None, "down")


def test_a_miss_at_the_end_leads_back_too() -> None:
    learner = Learner()
    learner.goes_to("strengthen up-spare", HINT)
    assert learner.walks(WRONG, RIGHT) == ["strengthen up-spare", "read 1 again"]
    assert learner.next.startswith("again ")


def test_when_questions_run_out_the_end_names_unmastered_concepts() -> None:
    learner = Learner(with_practice("up-fixed", "down-fixed"))
    learner.goes_to("finish")
    assert learner.step == FinishLesson(("up", "down"))


def test_the_lesson_stays_finished_until_a_concept_is_no_longer_mastered() -> None:
    learner = Learner()
    learner.goes_to("finish")
    assert learner.walks(RIGHT, RIGHT) == ["finish", "finish"]
    for _ in range(3):
        learner.reviews("up-drawn", WRONG)
    assert not learner.facts.is_mastered("up")
    assert learner.next != "finish"


# --- any learner ---

few = settings(max_examples=50)
histories = st.lists(st.sampled_from(How), max_size=30)

Event = How | tuple[str, How]  # the next step, or a question asked in a review
_reviews = st.tuples(st.sampled_from([*CONTENTS.questions]), st.sampled_from([RIGHT, HINT, *MISSES]))
events: st.SearchStrategy[list[Event]] = st.lists(st.sampled_from(How) | _reviews, max_size=30)


def apply_history(learner: Learner, history: list[Event]) -> None:
    for event in history:
        if isinstance(event, How):
            learner.does(event)
        else:
            learner.reviews(*event)


@few
@given(histories)
def test_the_same_log_gives_the_same_next_step(history: list[How]) -> None:
    """A learner who stops, or moves to another machine, continues with the same step."""
    learner = Learner()
    for how in history:
        step = learner.step
        exported = [line.encode() for line in to_lines(reversed(learner.log))]
        imported = [attempt for _, attempt in from_lines(exported, "f")]
        assert next_step(Facts(CONTENTS, LESSON, imported), learner.led_back) == step
        learner.does(how)


@few
@given(histories)
def test_no_step_comes_twice_in_a_row_unless_it_was_left_unfinished(history: list[How]) -> None:
    learner = Learner()
    for how in history:
        step = learner.step
        learner.does(how)
        drawn = isinstance(step, AskQuestion) and is_drawn(step.question)  # comes with other numbers
        if how is not LEAVE and not drawn and not isinstance(step, FinishLesson):
            assert learner.step != step


@few
@given(histories)
def test_a_section_is_read_again_only_after_a_question(history: list[How]) -> None:
    learner = Learner()
    for earlier, later in pairwise(learner.walks(*history)):
        if later.endswith("again"):
            assert earlier.split()[0] in ("ask", "again", "strengthen")


@few
@given(histories)
def test_another_question_is_practice_on_a_section_already_read(history: list[How]) -> None:
    learner = Learner()
    for how in history:
        match learner.step:
            case AskQuestion(question=question, quiz=quiz, again=again, strengthens=strengthens) if (
                again or strengthens
            ):
                section = LESSON.section(question.section)
                assert section is not None
                assert quiz is None
                assert question in PRACTICE.questions
                assert learner.facts.settled(section)
        learner.does(how)


@few
@given(histories)
def test_a_fixed_question_that_was_solved_or_given_up_is_never_asked_again(history: list[How]) -> None:
    learner = Learner()
    closed: set[str] = set()
    for how in history:
        step = learner.step
        if isinstance(step, AskQuestion) and not is_drawn(step.question):
            assert step.question.id not in closed
            if how is not LEAVE:
                closed.add(step.question.id)
        learner.does(how)


@few
@given(events)
def test_answering_right_from_any_point_on_masters_everything(history: list[Event]) -> None:
    """The history before that point, in the lesson or in reviews, does not matter."""
    learner = Learner()
    apply_history(learner, history)
    for _ in range(150):
        if isinstance(learner.step, FinishLesson):
            break
        learner.does(RIGHT)
    assert isinstance(learner.step, FinishLesson) and learner.step.unmastered == ()


@few
@given(events, events)
def test_restarting_the_command_continues_with_the_same_step(before: list[Event], since: list[Event]) -> None:
    """There is one exception: a section offered for a second reading may be offered again."""
    learner = Learner()
    apply_history(learner, before)
    skip_mastered_sections(learner)
    apply_history(learner, [event for event in since if not isinstance(event, How)])
    skip_mastered_sections(learner)
    next_, back = learner.next, {f"read {section.id} again" for section in LESSON.sections}
    learner.comes_back()
    skip_mastered_sections(learner)
    assert learner.next in {next_} | back


def skip_mastered_sections(learner: Learner) -> None:
    while learner.next.startswith("pass"):
        learner.does()
