"""Sittings in the log: attempts -> events and back. Brings the quiz engine and the log together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from grader.cli.common import new_attempt
from grader.content.course import content_hash
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, Confidence, in_time, new_id
from grader.quiz.answer import MAX_SCORE, mark
from grader.quiz.sitting import Answered, Event, HintOpened, Sitting, Skipped, Stage, apply, begin, replay

if TYPE_CHECKING:
    from grader.progress.log import AttemptLog


class LoggedSitting(Struct, frozen=True):
    """A sitting, the id under which its events are logged, and its quiz as the course has it."""

    id: str
    quiz: Quiz
    sitting: Sitting  # its quiz has the values drawn
    scores: bool = True  # False for practice, which belongs to no quiz


def fresh_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting:
    """Return a new sitting; the first one of a quiz shows the options in the file's order."""
    sitting_id, turn = new_id(), len(_sitting_ids(attempts))
    return LoggedSitting(sitting_id, quiz, begin(quiz, sitting_id if turn else None, turn))


def last_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting | None:
    """Return the quiz's latest sitting, rebuilt from its attempts; None if there was none.

    Answers to a question that has changed since are left out, so it is asked again.
    """
    attempts = in_time(attempts)  # imported ones come last in the log
    ids = _sitting_ids(attempts)
    if not ids:
        return None
    latest = next(a.sitting for a in reversed(attempts) if a.sitting is not None)
    turn = ids.index(latest)
    sitting = begin(quiz, latest if turn else None, turn)
    return LoggedSitting(latest, quiz, _replayed(quiz, sitting, latest, attempts))


def open_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting:
    """Return the sitting that is under way, or a new one."""
    last = last_sitting(quiz, attempts)
    if last is None or last.sitting.untouched or last.sitting.current is None:
        return fresh_sitting(quiz, attempts)
    return last


def practice_sitting(question: Question, lesson: str, attempts: list[Attempt]) -> LoggedSitting:
    """Return a sitting of one question outside of its quiz: the one under way, or the next.

    They are numbered, so that the values drawn differ from time to time, and
    are the same for all learners the first time.
    """
    start = f"practice/{question.id}/"
    own = re.compile(re.escape(start) + r"(\d{1,9})")
    sittings = (own.fullmatch(a.sitting or "") for a in attempts if a.item == question.id)
    numbers = [0, *(int(match[1]) for match in sittings if match)]
    quiz = Quiz(id=lesson, title="", lesson=lesson, questions=(question,))

    def sitting(number: int) -> LoggedSitting:
        id_ = f"{start}{number}"
        begun = begin(quiz, id_ if number > 1 else None, number - 1)
        return LoggedSitting(id_, quiz, _replayed(quiz, begun, id_, in_time(attempts)), scores=False)

    last = sitting(max(numbers))
    if last.sitting.current is not None and not last.sitting.untouched:
        return last
    return sitting(max(numbers) + 1)


def sitting_to_ask(
    question: Question, quiz: Quiz | None, lesson: str, attempts: list[Attempt]
) -> LoggedSitting:
    """Return the sitting in which a question can be asked now: one of the quiz, or one for practice.

    Logs that were brought together from two machines may have it closed in the quiz's sitting.
    """
    if quiz is not None:
        logged = open_sitting(quiz, [attempt for attempt in attempts if attempt.quiz == quiz.id])
        if logged.sitting.state(question.id).stage is Stage.OPEN:
            return logged
    return practice_sitting(question, lesson, attempts)


def answered_sitting(quiz: Quiz, answers: Mapping[str, str], log: AttemptLog | None) -> Sitting:
    """Mark answers, by question id, as a sitting of its own, and record it in one transaction."""
    logged, attempts = LoggedSitting(new_id(), quiz, begin(quiz)), []
    for question in quiz.questions:
        if question.id in answers:
            event = Answered(question.id, answers[question.id])
            attempts.append(attempt_of(logged, event))
            logged = LoggedSitting(logged.id, quiz, apply(logged.sitting, event)[0])
    if log is not None:
        log.append(*attempts)
    return logged.sitting


def attempt_of(
    logged: LoggedSitting, event: Event, seconds: float | None = None, confidence: Confidence | None = None
) -> Attempt:
    """Return the attempt that records an event; `logged` is the state before it."""
    index = logged.sitting.index(event.question)
    question, state = logged.sitting.quiz.questions[index], logged.sitting.states[index]
    where = {
        "sitting": logged.id,
        "quiz": logged.quiz.id if logged.scores else None,
        "seconds": seconds,
    }
    hash_ = content_hash(logged.quiz.questions[index])
    match event:
        case Answered(answer=answer):
            first, verdict = not state.tries, mark(question, answer)
            return new_attempt(
                "answer",
                question.id,
                hash_,
                answer=verdict.answer,
                correct=verdict.correct,
                misconception=verdict.misconception,
                score=verdict.score if first else 0.0,
                max_score=MAX_SCORE,
                first_try=first,
                hints=state.hints,
                confidence=confidence,
                **where,
            )
        case HintOpened():
            return new_attempt("hint", question.id, hash_, hints=state.hints + 1, **where)
        case Skipped():
            return new_attempt("skip", question.id, hash_, hints=state.hints, **where)


def _replayed(quiz: Quiz, sitting: Sitting, sitting_id: str, attempts: Iterable[Attempt]) -> Sitting:
    hashes = {question.id: content_hash(question) for question in quiz.questions}
    events = [
        _event(attempt)
        for attempt in attempts
        if attempt.sitting == sitting_id and hashes.get(attempt.item) == attempt.content_hash
    ]
    return replay(sitting, events)


def _event(attempt: Attempt) -> Event:
    match attempt.kind:
        case "answer":
            return Answered(attempt.item, attempt.answer or "")
        case "hint":
            return HintOpened(attempt.item)
        case _:
            return Skipped(attempt.item)


def _sitting_ids(attempts: Iterable[Attempt]) -> list[str]:
    """Return the ids of the sittings, first one first."""
    return list(dict.fromkeys(a.sitting for a in attempts if a.sitting is not None))
