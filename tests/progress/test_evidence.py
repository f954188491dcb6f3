"""Evidence from attempts: the first try at a question, and the latest verdict of a test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learner_log import CONTENTS, QUIZ_, about_code, answered, checked, shown_solution, skipped
from msgspec.structs import replace

from grader.content.exercise import Exercise
from grader.progress.attempt import Attempt
from grader.progress.evidence import (
    TEST_GUESS,
    Contents,
    VersionedExercise,
    answers,
    at_exercise,
    at_quiz,
    first_tries,
    pieces_of,
)
from grader.progress.mastery import HELPED

MINUTE = 1 / 24 / 60  # in days


def verdicts(concept: str, *attempts: Attempt) -> dict[str, bool]:
    """Return the evidence on a concept as a mapping from item to right or wrong."""
    return {piece.item: piece.right for piece in pieces_of(CONTENTS, attempts).get(concept, [])}


def guess(*attempts: Attempt) -> float:
    """Return the guess probability of the only piece of evidence on numbers."""
    (piece,) = pieces_of(CONTENTS, attempts)["numbers"]
    return piece.guess


# --- questions ---


def test_nothing_done_is_no_evidence() -> None:
    assert pieces_of(CONTENTS, []) == {}


def test_a_question_counts_for_each_of_its_concepts() -> None:
    log = [answered("tiny-q1", True), answered("tiny-q3", False)]
    assert verdicts("numbers", *log) == {"tiny-q1": True, "tiny-q3": False}
    assert verdicts("sums", *log) == {"tiny-q3": False}


def test_pieces_come_in_the_order_of_time() -> None:
    log = [answered("tiny-q2", on=2), answered("tiny-q1", on=1), answered("tiny-q3", on=3)]
    pieces = pieces_of(CONTENTS, log)["numbers"]
    assert [piece.item for piece in pieces] == ["tiny-q1", "tiny-q2", "tiny-q3"]
    assert [piece.time for piece in pieces] == sorted(attempt.time for attempt in log)


def test_only_the_first_try_of_a_sitting_counts() -> None:
    later = answered("tiny-q1", True, on=MINUTE, first_try=False)
    assert verdicts("numbers", answered("tiny-q1", False), later) == {"tiny-q1": False}


def test_a_later_try_does_not_count_however_much_later_the_sitting_goes_on() -> None:
    later = answered("tiny-q1", True, on=30, first_try=False)
    assert verdicts("numbers", answered("tiny-q1", False), later) == {"tiny-q1": False}


def test_two_terminals_in_one_sitting_have_one_first_try() -> None:
    log = [answered("tiny-q1", False), answered("tiny-q1", True, on=2)]
    assert verdicts("numbers", *log) == {"tiny-q1": False}


@pytest.mark.parametrize("soon", [MINUTE, 0.5, 1 - MINUTE])
def test_another_first_try_within_a_day_does_not_count(soon: float) -> None:
    log = [answered("tiny-q1", False), answered("tiny-q1", True, on=soon, sitting="s2")]
    assert verdicts("numbers", *log) == {"tiny-q1": False}


@pytest.mark.parametrize("later", [1.0, 1 + MINUTE, 100.0])
@pytest.mark.parametrize("right", [True, False])
def test_another_first_try_a_day_later_replaces_the_earlier_one(right: bool, later: float) -> None:
    log = [answered("tiny-q1", not right), answered("tiny-q1", right, on=later, sitting="s2")]
    assert verdicts("numbers", *log) == {"tiny-q1": right}


def test_the_day_begins_with_the_try_that_counts() -> None:
    """First tries that do not count do not postpone it."""
    log = [
        answered("tiny-q1", False, on=0, sitting="s1"),
        answered("tiny-q1", False, on=0.7, sitting="s2"),
        answered("tiny-q1", True, on=1.2, sitting="s3"),
    ]
    assert verdicts("numbers", *log) == {"tiny-q1": True}


def test_the_next_day_begins_with_the_try_that_took_its_place() -> None:
    log = [
        answered("tiny-q1", True, on=0, sitting="s1"),
        answered("tiny-q1", False, on=1.2, sitting="s2"),
        answered("tiny-q1", True, on=1.5, sitting="s3"),
    ]
    assert verdicts("numbers", *log) == {"tiny-q1": False}


def test_a_drawn_question_counts_each_time_it_is_asked() -> None:
    """Its numbers differ each time."""
    log = [
        answered("tiny-drawn", False, sitting="practice/tiny-drawn/1"),
        answered("tiny-drawn", True, on=MINUTE, sitting="practice/tiny-drawn/1", first_try=False),
        answered("tiny-drawn", True, on=2 * MINUTE, sitting="practice/tiny-drawn/2"),
    ]
    assert [*verdicts("numbers", *log).values()] == [False, True]


def test_a_skip_counts_as_not_right() -> None:
    assert verdicts("numbers", skipped("tiny-q1")) == {"tiny-q1": False}


def test_a_skip_after_a_try_changes_nothing() -> None:
    log = [answered("tiny-q1", False), skipped("tiny-q1", on=MINUTE)]
    assert [each.attempt.kind for each in first_tries(answers(CONTENTS, log))] == ["answer"]


def test_the_guess_probability_is_that_of_the_question() -> None:
    assert guess(answered("tiny-q1")) == 1 / 3
    assert guess(answered("tiny-drawn")) == 0.02


def test_a_right_answer_after_a_hint_says_less() -> None:
    assert guess(answered("tiny-q1", hints=1)) == HELPED == 0.5
    assert guess(answered("tiny-drawn", hints=3)) == HELPED


def test_answers_outside_of_the_quiz_are_evidence_but_score_nothing() -> None:
    """A review, for example, asks single questions outside the quiz."""
    log = [answered("tiny-q1"), answered("tiny-q2", quiz=None, sitting="practice/tiny-q2/1")]
    assert verdicts("numbers", *log) == {"tiny-q1": True, "tiny-q2": True}
    fresh, stale = at_quiz(QUIZ_, log)
    assert ([each.question.id for each in fresh], stale) == (["tiny-q1"], 0)


def test_opening_a_hint_or_reading_a_section_is_no_evidence() -> None:
    log = [skipped("tiny-q1", kind="hint", hints=1), skipped("tiny-q1", kind="read")]
    assert pieces_of(CONTENTS, log) == {}


# --- content that has changed since ---


def test_answers_to_a_question_that_has_changed_since_do_not_count() -> None:
    old = answered("tiny-q1", content_hash="old")
    assert verdicts("numbers", old, answered("tiny-q2")) == {"tiny-q2": True}
    assert at_quiz(QUIZ_, [old])[1] == 1


def test_answers_to_a_question_that_is_gone_do_not_count_but_are_stale_in_its_quiz() -> None:
    gone = replace(answered("tiny-q1"), item="tiny-q9")
    assert pieces_of(CONTENTS, [gone]) == {}
    assert at_quiz(QUIZ_, [gone]) == ([], 1)


def test_checks_of_an_exercise_that_has_changed_since_do_not_count() -> None:
    old = checked(add="passed", version="v0")
    assert pieces_of(CONTENTS, [old]) == {}
    assert at_exercise(CONTENTS.exercises[0], [old]) == ([], 1)


@pytest.mark.parametrize(("option", "right", "belief"), [("b", True, None), ("a", False, "off-by-one")])
def test_logs_of_the_first_version_get_their_verdicts(option: str, right: bool, belief: str | None) -> None:
    """Version 1 had only single-choice questions, and did not store verdicts."""
    old = answered("tiny-q1", answer=option, correct=None, misconception=None)
    assert verdicts("numbers", old) == {"tiny-q1": right}
    (converted,) = answers(CONTENTS, [old])
    assert converted.attempt.misconception == belief


@pytest.mark.parametrize("option", ["z", "ab", "Ω"])
def test_an_old_answer_that_is_not_an_option_is_not_right(option: str) -> None:
    old = answered("tiny-q1", answer=option, correct=None)
    assert verdicts("numbers", old) == {"tiny-q1": False}


# --- tests of exercises ---


def test_a_test_counts_for_the_concepts_of_its_function() -> None:
    log = [checked(add="passed", half="failed")]
    assert verdicts("sums", *log) == {"exercise-sum/test_add": True}
    assert verdicts("numbers", *log) == {"exercise-sum/test_half": False}
    assert guess(*log) == TEST_GUESS


@pytest.mark.parametrize(("then", "right"), [("passed", True), ("failed", False), ("crashed", False)])
def test_a_test_counts_with_its_latest_verdict(then: str, right: bool) -> None:
    before = "failed" if right else "passed"
    log = [checked(add=before), checked(add=then, on=MINUTE)]
    assert verdicts("sums", *log) == {"exercise-sum/test_add": right}


def test_a_broken_test_says_nothing_about_the_learner() -> None:
    assert pieces_of(CONTENTS, [checked(add="judge_broken")]) == {}
    log = [checked(add="passed"), checked(add="judge_broken", on=MINUTE)]
    assert verdicts("sums", *log) == {"exercise-sum/test_add": True}


def test_a_test_of_a_function_that_the_exercise_does_not_have_says_nothing() -> None:
    assert pieces_of(CONTENTS, [checked(other="passed")]) == {}


def test_checks_made_after_the_solution_was_shown_do_not_count() -> None:
    log = [shown_solution("add", on=1), checked(add="passed", half="passed", on=2)]
    assert pieces_of(CONTENTS, log).keys() == {"numbers"}  # the other function's concept


def test_a_check_at_the_moment_when_the_solution_was_shown_does_not_count() -> None:
    assert pieces_of(CONTENTS, [shown_solution("add", on=1), checked(add="passed", on=1)]) == {}


def test_checks_made_before_the_solution_was_shown_go_on_counting() -> None:
    log = [checked(add="failed"), shown_solution("add", on=1), checked(add="passed", on=2)]
    assert verdicts("sums", *log) == {"exercise-sum/test_add": False}


def test_looking_at_the_solution_once_more_does_not_make_checks_count_again() -> None:
    log = [shown_solution("add", on=1), checked(add="passed", on=2), shown_solution("add", on=3)]
    assert pieces_of(CONTENTS, log) == {}


def test_questions_on_a_concept_count_also_after_the_solution_was_shown() -> None:
    log = [shown_solution("add", on=1), answered("tiny-q3", on=2)]
    assert verdicts("sums", *log) == {"tiny-q3": True}


# --- any log ---

FULL = [
    answered("tiny-q1", False, on=0),
    answered("tiny-q1", True, on=0.5, sitting="s2"),
    answered("tiny-q1", True, on=2, sitting="s3"),
    answered("tiny-q3", True, on=0.1, first_try=False),
    skipped("tiny-q3", on=3, sitting="s3"),
    answered("tiny-drawn", False, on=4, sitting="practice/tiny-drawn/1", quiz=None),
    answered("tiny-drawn", True, on=5, sitting="practice/tiny-drawn/2", quiz=None),
    checked(add="passed", half="failed", on=6),
    shown_solution("half", on=7),
    checked(add="failed", half="passed", on=8),
]


@given(st.permutations(FULL))
def test_the_order_in_which_attempts_were_imported_does_not_matter(log: list[Attempt]) -> None:
    assert pieces_of(CONTENTS, log) == pieces_of(CONTENTS, FULL)


@given(st.lists(st.sampled_from(FULL), unique_by=lambda attempt: attempt.id))
def test_no_item_counts_twice_for_a_concept(log: list[Attempt]) -> None:
    for pieces in pieces_of(CONTENTS, log).values():
        items = [piece.item for piece in pieces]
        assert len(items) == len(set(items))
        assert all(0 < piece.guess < 1 for piece in pieces)


# --- the contents ---


def test_questions_of_quizzes_come_before_those_for_practice() -> None:
    assert [*CONTENTS.questions] == ["tiny-q1", "tiny-q2", "tiny-q3", "tiny-drawn"]


def test_a_concept_knows_the_sections_that_teach_it() -> None:
    assert CONTENTS.sections_on("numbers") == [("tiny", "1"), ("tiny", "1.1")]
    assert CONTENTS.sections_on("nothing") == []


def test_a_function_without_concepts_is_no_evidence() -> None:
    versioned = CONTENTS.exercises[0]
    bare: Exercise = replace(
        versioned.exercise, functions=tuple(replace(f, concepts=()) for f in versioned.exercise.functions)
    )
    contents: Contents = replace(CONTENTS, exercises=(VersionedExercise(bare, "v1"),))
    assert pieces_of(contents, [checked(add="passed", half="passed")]) == {}


def test_a_function_that_is_still_blank_says_nothing() -> None:
    tried = checked(add="passed", half="not_run")
    assert [piece.item for pieces in pieces_of(CONTENTS, [tried]).values() for piece in pieces] == [
        "exercise-sum/test_add"
    ]
    emptied = checked(on=1, add="not_run", half="not_run")
    assert pieces_of(CONTENTS, [tried, emptied]) == pieces_of(CONTENTS, [tried])


# --- answers about the learner's own code ---


def test_an_answer_about_the_learners_code_counts_for_the_concepts_of_its_function() -> None:
    (piece,) = pieces_of(CONTENTS, [about_code(True)])["sums"]
    assert (piece.right, piece.guess) == (True, 0.25)


def test_only_the_first_answer_to_a_question_about_code_counts() -> None:
    log = [about_code(False), about_code(True, on=1)]
    assert [piece.right for piece in pieces_of(CONTENTS, log)["sums"]] == [False]


def test_the_latest_two_answers_about_one_function_count() -> None:
    log = [about_code(number > 0, on=number, question=f"q{number}") for number in range(4)]
    pieces = pieces_of(CONTENTS, log)["sums"]
    assert [piece.time for piece in pieces] == [attempt.time for attempt in log[2:]]


def test_after_the_solution_was_shown_an_answer_about_code_may_be_a_guess() -> None:
    log = [shown_solution("add"), about_code(True, on=1)]
    assert pieces_of(CONTENTS, log)["sums"][-1].guess == HELPED


def test_answers_about_functions_that_are_gone_do_not_count() -> None:
    gone = replace(about_code(True), item="exercise-sum/gone")
    assert pieces_of(CONTENTS, [gone]) == {}
