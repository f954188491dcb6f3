"""One question while it is asked: a course marks the answers, and a kit only records them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from sample_questions import MULTIPLE, question
from walking import QUIZ

from grader.authoring.kit import sealed_quiz
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.progress.log import AttemptLog
from grader.quiz.sitting import Answered, GivenUp, Hint, HintOpened, Marked, NoHint, Skipped
from grader.tutor.asked_questions import KitQuestion, LeftOpen, Recorded, SittingQuestion
from grader.tutor.kit_answers import check_ours, record_answers, recorded_answers, unmarked, write_answers
from grader.tutor.recording import Recorder
from grader.tutor.sittings import open_sitting, practice_sitting

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FIRST = QUIZ.questions[0]
SEALED = sealed_quiz(QUIZ)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    log = AttemptLog(tmp_path / "attempts.sqlite")
    yield Recorder(log, lambda: NOW)
    log.close()


UNRECORDED = Recorder(None, lambda: NOW)


def in_course(recorder: Recorder) -> SittingQuestion:
    return SittingQuestion(open_sitting(QUIZ, recorder.attempts()), FIRST.id, recorder)


def in_kit(recorder: Recorder) -> KitQuestion:
    return KitQuestion(SEALED, SEALED.questions[0], recorder)


def kinds(recorder: Recorder) -> list[tuple[str, int]]:
    return [(attempt.kind, attempt.hints) for attempt in recorder.attempts()]


# --- in a course ---


def test_a_question_stays_open_until_it_is_solved(recorder: Recorder) -> None:
    asked = in_course(recorder)
    wrong = asked.take(Answered(FIRST.id, "a"), 1.5, "low")
    assert isinstance(wrong, Marked) and not wrong.mark.correct
    assert (asked.is_open, asked.tries) == (True, ("a",))
    right = asked.take(Answered(FIRST.id, "b"))
    assert isinstance(right, Marked) and right.mark.correct and not right.first_try
    assert not asked.is_open
    first, second = recorder.attempts()
    assert (first.answer, first.seconds, first.confidence) == ("a", 1.5, "low")
    assert first.time == "2026-01-02T03:04:05.000Z"
    assert (second.answer, second.score, second.first_try) == ("b", 0.0, False)


def test_a_sitting_is_resumed_with_its_tries_and_hints(recorder: Recorder) -> None:
    asked = in_course(recorder)
    asked.take(Answered(FIRST.id, "a"))
    asked.take(HintOpened(FIRST.id))
    resumed = in_course(recorder)
    assert (resumed.tries, resumed.logged.id) == (("a",), asked.logged.id)
    assert resumed.take(HintOpened(FIRST.id)) == Hint("Not the third.", 2, 2, again=False)


def test_a_repeated_hint_is_shown_and_not_recorded(recorder: Recorder) -> None:
    asked = in_course(recorder)
    shown = [asked.take(HintOpened(FIRST.id)) for _ in range(3)]
    assert [isinstance(hint, Hint) and hint.again for hint in shown] == [False, False, True]
    assert kinds(recorder) == [("hint", 1), ("hint", 2)]


def test_a_skip_closes_the_question(recorder: Recorder) -> None:
    asked = in_course(recorder)
    assert isinstance(asked.take(Skipped(FIRST.id)), GivenUp)
    assert not asked.is_open


def test_practice_attempts_belong_to_no_quiz(recorder: Recorder) -> None:
    logged = practice_sitting(FIRST, "walk", [])
    SittingQuestion(logged, FIRST.id, recorder).take(Answered(FIRST.id, "b"))
    (attempt,) = recorder.attempts()
    assert (attempt.quiz, attempt.sitting) == (None, f"practice/{FIRST.id}/1")


def test_without_a_log_everything_works_and_nothing_is_recorded() -> None:
    asked = in_course(UNRECORDED)
    asked.take(HintOpened(FIRST.id))
    assert isinstance(asked.take(Answered(FIRST.id, "b")), Marked)
    assert (UNRECORDED.attempts(), UNRECORDED.keeps) == ([], False)


# --- in a kit ---


def test_a_kit_records_an_answer_without_a_verdict(recorder: Recorder) -> None:
    asked = in_kit(recorder)
    assert asked.take(Answered(FIRST.id, "a")) == Recorded("a")
    assert (asked.is_open, asked.answer, asked.tries) == (False, "a", ())
    (attempt,) = recorder.attempts()
    assert (attempt.kind, attempt.answer, attempt.correct, attempt.score) == ("given", "a", None, None)


def test_an_answer_can_be_kept_or_changed(recorder: Recorder) -> None:
    in_kit(recorder).take(Answered(FIRST.id, "a"))
    kept = in_kit(recorder)
    assert (kept.answer, kept.take(Skipped(FIRST.id)), kept.answer) == ("a", LeftOpen(), "a")
    in_kit(recorder).take(Answered(FIRST.id, "c"))
    assert recorded_answers(SEALED, recorder.attempts()) == {FIRST.id: "c"}


def test_hints_in_a_kit_continue_where_they_stopped(recorder: Recorder) -> None:
    in_kit(recorder).take(HintOpened(FIRST.id))
    asked = in_kit(recorder)
    second, again = asked.take(HintOpened(FIRST.id)), asked.take(HintOpened(FIRST.id))
    assert second == Hint("Not the third.", 2, 2, again=False)
    assert again == Hint("Not the third.", 2, 2, again=True)
    asked.take(Answered(FIRST.id, "a"))
    assert kinds(recorder) == [("hint", 1), ("hint", 2), ("given", 2)]


def test_hints_in_a_kit_come_in_order_without_a_log() -> None:
    asked = in_kit(UNRECORDED)
    numbers = [hint.number for _ in range(3) if isinstance(hint := asked.take(HintOpened(FIRST.id)), Hint)]
    assert numbers == [1, 2, 2]


def test_a_question_in_a_kit_may_have_no_hints(recorder: Recorder) -> None:
    bare = sealed_quiz(Quiz(id="bare", lesson="walk", title="Bare", questions=(question(MULTIPLE),)))
    sealed = replace(bare.questions[0], hints=())
    assert KitQuestion(bare, sealed, recorder).take(HintOpened(sealed.id)) == NoHint()


def test_all_answers_in_a_file_are_recorded(recorder: Recorder) -> None:
    answers = {q.id: "b" for q in SEALED.questions}
    record_answers(SEALED, answers, recorder)
    assert recorded_answers(SEALED, recorder.attempts()) == answers


def test_an_unmarked_quiz_has_no_scores() -> None:
    quiz = unmarked(SEALED, {FIRST.id: "b"})
    assert [question.answer for question in quiz.questions] == ["b", None]
    assert (quiz.score, quiz.max_score) == (None, 2.0)


def test_only_our_own_files_are_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "walk_answers.yaml"
    check_ours(path, SEALED)
    write_answers(path, SEALED, {FIRST.id: "b"})
    check_ours(path, SEALED)
    write_answers(path, SEALED, {FIRST.id: "c"})
    assert path.read_text().splitlines()[1:] == [f'{FIRST.id}: "c"']
    path.write_text(f"{FIRST.id}: b\n")
    with pytest.raises(CourseError, match="already exists"):
        check_ours(path, SEALED)
