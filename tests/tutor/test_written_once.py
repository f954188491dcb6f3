"""An essay is written once. What a learner knows does not follow from it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace
from sample_questions import ESSAY, question
from walking import CONTENTS, LESSON

from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt
from grader.progress.evidence import pieces_of
from grader.progress.jsonl import from_lines, to_lines
from grader.progress.log import AttemptLog
from grader.progress.schedule import schedule
from grader.progress.summary import standing
from grader.quiz.answer import mark
from grader.quiz.result import by_concept, result
from grader.quiz.sitting import Answered, Event, GivenUp, Marked, Skipped, Stage, apply, begin
from grader.tutor.facts import Facts
from grader.tutor.path import AskQuestion, ReadSection, next_step
from grader.tutor.recording import new_attempt
from grader.tutor.sittings import attempt_of, open_sitting

NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUESTION = replace(question(ESSAY), id="why", concepts=("up",), points=3)
QUIZ = Quiz(id="walk", lesson="walk", title="Essays", questions=(QUESTION,))
FIRST, *OTHERS = LESSON.sections
LESSON_ = replace(LESSON, sections=(replace(FIRST, questions=("why",)), *OTHERS))
CONTENTS_ = replace(CONTENTS, lessons=(LESSON_,), quizzes=(QUIZ,), practice=())


def logged(event: Event) -> list[Attempt]:
    """Return the log of a learner who has read the first section and then did this."""
    read = new_attempt(NOW, "read", "walk/1", "x")
    return [read, attempt_of(open_sitting(QUIZ, []), event, NOW)]


def test_an_answer_closes_the_question_without_a_verdict() -> None:
    sitting, feedback = apply(begin(QUIZ), Answered("why", "To share."))
    assert feedback == Marked(mark(QUESTION, "To share."), first_try=True)
    assert (sitting.states[0].stage, sitting.score, sitting.max_score) == (Stage.SOLVED, 0.0, 3.0)
    (shown,) = result(sitting, "v").questions
    assert (shown.correct, shown.answer, shown.score, shown.points) == (None, "To share.", 0.0, 3.0)
    assert result(begin(QUIZ), "v").questions[0].correct is None
    assert by_concept(sitting) == ()


def test_a_skip_tells_what_earns_points() -> None:
    _, feedback = apply(begin(QUIZ), Skipped("why"))
    assert isinstance(feedback, GivenUp) and feedback.mark.feedback.startswith("What earns points: ")


def test_a_long_essay_is_in_the_log_and_ends_its_quiz(tmp_path: Path) -> None:
    long = "Because.\n" * 400
    attempts = logged(Answered("why", long))
    with closing(AttemptLog(tmp_path / "attempts.sqlite")) as log:
        log.append(*attempts)
        kept = log.attempts()
    assert kept[1].answer == long.strip()
    lines = [line.encode() for line in to_lines(kept)]
    assert [attempt for _, attempt in from_lines(lines, "log.jsonl")] == kept
    (quiz,) = standing(CONTENTS_, kept, NOW).quizzes
    assert (quiz.finished, quiz.open_questions) == (True, 0)


def test_neither_mastery_nor_reviews_nor_the_path_see_a_miss() -> None:
    for event in (Answered("why", "To share."), Skipped("why")):
        attempts = logged(event)
        assert (attempts[1].correct, attempts[1].misconception) == (None, None)
        assert pieces_of(CONTENTS_, attempts) == {}
        assert schedule(CONTENTS_, attempts, NOW) == []
        facts = Facts(CONTENTS_, LESSON_, attempts)
        assert facts.is_closed(QUESTION) and facts.misses_in_a_row("up") == 0
        assert next_step(facts) == ReadSection(LESSON_.sections[1])
    assert next_step(Facts(CONTENTS_, LESSON_, attempts[:1])) == AskQuestion(QUESTION, QUIZ)
