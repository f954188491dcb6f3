"""The standing derived from attempts: scores, evidence, misconceptions, the next step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import attempt
from tiny_course import EXERCISE, LESSON, QUIZ

from grader.content.course import content_hash
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents, VersionedExercise
from grader.progress.standing import FunctionStanding, Standing
from grader.progress.summary import standing

QUIZ_ = decode(QUIZ, "q", Quiz)
CONTENTS = Contents(
    lessons=(decode(LESSON, "l", Lesson),),
    quizzes=(QUIZ_,),
    exercises=(VersionedExercise(decode(EXERCISE, "e", Exercise), "v1"),),
)
HASHES = {question.id: content_hash(question) for question in QUIZ_.questions}


def answer(number: int, item: str, option: str, sitting: str = "s1", *, first: bool = True) -> Attempt:
    question = QUIZ_.question(item)
    assert question is not None
    return attempt(
        number,
        time=f"2026-01-02T00:00:00.{number:03}Z",
        item=item,
        content_hash=HASHES[item],
        sitting=sitting,
        answer=option,
        correct=option == question.answer,
        misconception=question.option(option).misconception,
        score=float(first and option == question.answer),
        first_try=first,
    )


def check(number: int, add: str, half: str, version: str = "v1", **more: Any) -> Attempt:
    tests = [
        {"id": f"test_{name}", "function": name, "outcome": outcome, "points": 2.0, "title": "T"}
        | {"score": 2.0 * (outcome == "passed")}
        for name, outcome in (("add", add), ("half", half))
    ]
    score = sum(test["score"] for test in tests)
    return attempt(
        number,
        time=f"2026-01-02T00:00:00.{number:03}Z",
        kind="check",
        item="exercise-sum",
        content_hash=version,
        sitting=None,
        quiz=None,
        answer=None,
        score=score,
        max_score=4.0,
        report={"tests": tests, "passed": score == 4.0, **more},
    )


ALL_RIGHT = [answer(i, q.id, q.answer) for i, q in enumerate(QUIZ_.questions, 1)]


NOW = datetime(2026, 1, 2, 1, tzinfo=UTC)


def stand(*attempts: Attempt, now: datetime = NOW) -> Standing:
    return standing(CONTENTS, attempts, now)


def test_at_the_start_there_is_nothing_but_a_next_step() -> None:
    result = stand()
    assert (result.quizzes[0].best, result.exercises[0].best, result.concepts) == (None, None, ())
    assert result.next.kind == "take"
    assert result.next.commands == ("course learn tiny", "course lesson tiny", "course quiz tiny")


def test_best_and_last_sitting() -> None:
    second = [answer(4, "tiny-q1", "a", "s2"), answer(5, "tiny-q2", "c", "s2")]
    quiz = stand(*ALL_RIGHT, *second).quizzes[0]
    assert (quiz.best, quiz.last, quiz.max_score, quiz.sittings) == (3, 1, 3, 2)
    assert quiz.open_questions == 2  # q1 was answered wrong, and q3 was not asked
    assert quiz.finished  # the first sitting
    assert not stand(*second).quizzes[0].finished


def test_only_the_first_try_scores() -> None:
    quiz = stand(answer(1, "tiny-q1", "a"), answer(2, "tiny-q1", "b", first=False)).quizzes[0]
    assert (quiz.best, quiz.open_questions) == (0, 2)


def test_two_terminals_in_one_sitting_do_not_score_twice() -> None:
    again = [answer(number, q.id, q.answer) for number, q in enumerate(QUIZ_.questions, 10)]
    result = stand(answer(1, "tiny-q1", "a"), *again, *ALL_RIGHT[1:])
    assert result.quizzes[0].best == 2
    assert next(c for c in result.concepts if c.id == "numbers").right == 2


def test_last_goes_by_time_also_after_an_import() -> None:
    earlier = [answer(0, q.id, "a", "imported") for q in QUIZ_.questions]
    assert stand(*ALL_RIGHT, *earlier).quizzes[0].last == 3


def test_answers_to_changed_questions_are_stale_and_not_counted() -> None:
    old = msgspec.structs.replace(ALL_RIGHT[0], content_hash="old")
    result = stand(old, *ALL_RIGHT[1:])
    quiz = result.quizzes[0]
    assert (quiz.best, quiz.stale, quiz.open_questions) == (2, 1, 1)
    assert result.next.kind == "go-on"
    numbers = next(c for c in result.concepts if c.id == "numbers")
    assert (numbers.right, numbers.evidence) == (2, 2)


def test_exercise_scores_by_function() -> None:
    exercise = stand(check(1, "passed", "failed"), check(2, "failed", "failed")).exercises[0]
    assert (exercise.best, exercise.last, exercise.max_score, exercise.passed) == (2, 0, 4, False)
    assert exercise.functions == (FunctionStanding("add", 2, 0, 2), FunctionStanding("half", 0, 0, 2))


def test_a_changed_exercise_makes_old_checks_stale() -> None:
    result = stand(*ALL_RIGHT, check(4, "passed", "passed", version="v0"))
    exercise = result.exercises[0]
    assert (exercise.best, exercise.stale, exercise.passed) == (None, 1, False)
    assert result.next.kind == "improve"


def test_concepts_count_each_item_once_with_its_latest_verdict() -> None:
    result = stand(
        answer(1, "tiny-q1", "a"),
        msgspec.structs.replace(answer(2, "tiny-q1", "b", "s2"), time="2026-01-03T00:00:00.002Z"),
        answer(3, "tiny-q3", "b", "s2"),
        check(4, "failed", "failed"),
        check(5, "passed", "crashed"),
    )
    by_id = {concept.id: concept for concept in result.concepts}
    assert (by_id["numbers"].right, by_id["numbers"].evidence) == (1, 3)  # q1 is right; q3 and half are not
    assert by_id["numbers"].read_again == (("tiny", "1"), ("tiny", "1.1"))
    assert (by_id["sums"].right, by_id["sums"].evidence) == (1, 2)  # add is right; q3 is not


def test_a_broken_test_is_no_evidence() -> None:
    result = stand(check(1, "judge_broken", "passed"))
    assert [concept.id for concept in result.concepts] == ["numbers"]


def test_misconceptions_from_answers_and_code_are_one() -> None:
    mistakes = [{"id": "m", "misconception": "off-by-one", "says": "…", "tests": []}]
    result = stand(answer(1, "tiny-q1", "a"), check(2, "failed", "failed", mistakes=mistakes))
    (met,) = result.misconceptions
    assert (met.id, met.times, met.last) == ("off-by-one", 2, "2026-01-02T00:00:00.002Z")
    assert met.belief == "Counting starts at two."


def test_repeated_tries_at_one_question_count_once() -> None:
    result = stand(
        answer(1, "tiny-q1", "a"), answer(2, "tiny-q1", "a", first=False), answer(3, "tiny-q1", "a", "s2")
    )
    (met,) = result.misconceptions
    assert (met.times, met.last) == (1, "2026-01-02T00:00:00.003Z")


@pytest.mark.parametrize(
    ("attempts", "kind", "first_command"),
    [
        (ALL_RIGHT[:1], "go-on", "course quiz tiny"),
        (ALL_RIGHT, "start", "course start exercise-sum"),
        ([*ALL_RIGHT, check(4, "passed", "failed")], "improve", "course check exercise-sum"),
        (
            [
                answer(1, "tiny-q1", "a"),
                *ALL_RIGHT[1:],
                answer(4, "tiny-q1", "b", first=False),
                check(5, "passed", "passed"),
            ],
            "read-again",
            "course lesson tiny 1",
        ),
    ],
)
def test_the_next_step(attempts: list[Attempt], kind: str, first_command: str) -> None:
    step = stand(*attempts).next
    assert (step.kind, step.commands[0]) == (kind, first_command)


READ = {"kind": "read", "sitting": None, "quiz": None, "answer": None, "score": None, "max_score": None}


@pytest.mark.parametrize(
    ("attempts", "started", "commands", "other"),
    [
        ([], [], ("course learn tiny", "course lesson tiny", "course quiz tiny"), None),
        ([], ["exercise-sum"], ("course check exercise-sum",), "course learn tiny"),
        (
            [check(4, "passed", "failed")],
            [],
            ("course check exercise-sum", "course hint exercise-sum"),
            "course learn tiny",
        ),
        ([check(4, "passed", "passed")], ["exercise-sum"], ("course learn tiny",), None),
        (
            [attempt(50, item="tiny/1", **READ)],
            ["exercise-sum"],
            ("course learn tiny",),
            "course check exercise-sum",
        ),
        (ALL_RIGHT[:1], ["exercise-sum"], ("course quiz tiny",), "course check exercise-sum"),
        (ALL_RIGHT, ["exercise-sum"], ("course check exercise-sum",), None),
    ],
)
def test_the_next_step_fits_what_was_begun(
    attempts: list[Attempt], started: list[str], commands: tuple[str, ...], other: str | None
) -> None:
    step = standing(CONTENTS, attempts, NOW, started).next
    assert (step.commands[: len(commands)], step.other) == (commands, other)


def test_when_everything_is_done_the_next_step_says_so() -> None:
    step = stand(*ALL_RIGHT, check(4, "passed", "passed")).next
    assert (step.kind, step.commands) == ("done", ())


@given(st.permutations([*ALL_RIGHT, answer(7, "tiny-q1", "c", "s2"), check(8, "passed", "failed")]))
def test_the_order_in_which_attempts_were_imported_does_not_matter(attempts: list[Attempt]) -> None:
    assert stand(*attempts) == stand(*sorted(attempts, key=lambda a: a.time))


def test_a_lesson_that_was_begun_goes_on_before_its_quiz() -> None:
    begun = attempt(50, item="tiny/1", **READ)
    assert stand(begun, ALL_RIGHT[0]).next.commands == ("course learn tiny",)
    rest = [attempt(51 + n, item=f"tiny/{section}", **READ) for n, section in enumerate(["1.1", "2"])]
    assert stand(begun, *rest, ALL_RIGHT[0]).next.kind == "go-on"


def test_an_answer_about_own_code_shows_a_misconception() -> None:
    item = f"{CONTENTS.exercises[0].exercise.id}/{CONTENTS.exercises[0].exercise.functions[0].name}"
    wrong = attempt(1, kind="own", item=item, correct=False, misconception="off-by-one", report={})
    (met,) = stand(wrong).misconceptions
    assert (met.id, met.times) == ("off-by-one", 1)


def test_a_misconception_is_mended_when_its_concept_was_got_right_since() -> None:
    wrong = answer(1, "tiny-q1", "a")
    assert [met.mended for met in stand(wrong).misconceptions] == [False]
    assert [met.mended for met in stand(wrong, answer(2, "tiny-q2", "c")).misconceptions] == [True]
    assert [met.mended for met in stand(answer(0, "tiny-q2", "c"), wrong).misconceptions] == [False]


def named(tests: list[str]) -> dict[str, Any]:
    return {"mistakes": [{"id": "m", "misconception": "off-by-one", "tests": tests}]}


@pytest.mark.parametrize(
    ("later", "mended"),
    [
        ([], False),
        ([check(2, "failed", "passed")], False),  # another test of the concept passes
        ([check(2, "failed", "failed")], False),  # the mistake is only no longer named
        ([answer(2, "tiny-q2", "c")], False),  # the code is still wrong
        ([check(2, "passed", "failed")], True),
        ([check(2, "passed", "failed"), check(3, "failed", "failed")], False),
        ([check(2, "passed", "passed", version="v2")], False),  # of other tests
    ],
)
def test_a_misconception_of_code_is_mended_when_the_code_is(later: list[Attempt], mended: bool) -> None:
    wrong = check(1, "failed", "failed", **named(["test_add"]))
    assert [met.mended for met in stand(wrong, *later).misconceptions] == [mended]


def test_a_misconception_of_code_and_answers_is_mended_when_both_are() -> None:
    wrong = [answer(1, "tiny-q1", "a"), check(2, "failed", "failed", **named(["test_add"]))]
    mended, right = check(3, "passed", "failed"), answer(4, "tiny-q2", "c")
    assert [met.mended for met in stand(*wrong, mended).misconceptions] == [False]
    assert [met.mended for met in stand(*wrong, right).misconceptions] == [False]
    assert [met.mended for met in stand(*wrong, mended, right).misconceptions] == [True]


def test_a_concept_is_not_called_mastered_while_its_latest_evidence_is_wrong() -> None:
    numbers = [*ALL_RIGHT, check(4, "passed", "passed")]
    assert [c.id for c in stand(*numbers).concepts if c.mastered] == ["numbers"]
    assert [c.id for c in stand(*numbers, check(6, "passed", "failed")).concepts if c.mastered] == []
    slip = answer(5, "tiny-q3", "b", "s2")
    slip = msgspec.structs.replace(slip, time="2026-01-05T00:00:00.000Z")
    assert [c.id for c in stand(*numbers, slip).concepts if c.mastered] == []


def test_confidence_is_counted_by_first_tries() -> None:
    sure = msgspec.structs.replace(answer(1, "tiny-q1", "a"), confidence="high")
    later = msgspec.structs.replace(answer(2, "tiny-q1", "b", first=False), confidence="high")
    right = msgspec.structs.replace(answer(3, "tiny-q2", "c"), confidence="high")
    (high,) = stand(sure, later, right).confidence
    assert (high.confidence, high.right, high.answers) == ("high", 1, 2)


def test_what_is_due_comes_before_a_new_quiz() -> None:
    done = [*ALL_RIGHT]
    assert stand(*done).review.due == 0
    result = stand(*done, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert (result.review.due, result.next.kind, result.next.commands) == (3, "review", ("course review",))
