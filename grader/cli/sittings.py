"""Sittings in the log: attempts -> events and back. Brings the quiz engine and the log together."""

from __future__ import annotations

from msgspec import Struct

from grader.cli.common import new_attempt
from grader.content.course import content_hash
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, new_id
from grader.quiz.answer import MAX_SCORE, mark
from grader.quiz.sitting import Answered, Event, HintOpened, Sitting, Skipped, begin, replay


class LoggedSitting(Struct, frozen=True):
    """A sitting and the id under which its events are logged."""

    id: str
    sitting: Sitting


def fresh_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting:
    """Return a new sitting; the first one of a quiz shows the options in the file's order."""
    sitting_id = new_id()
    return LoggedSitting(sitting_id, begin(quiz, sitting_id if _sitting_ids(attempts) else None))


def last_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting | None:
    """Return the quiz's latest sitting, rebuilt from its attempts; None if there was none.

    Answers to a question that has changed since are left out, so it is asked again.
    """
    ids = _sitting_ids(attempts)
    if not ids:
        return None
    latest = next(a.sitting for a in reversed(attempts) if a.sitting is not None)
    hashes = {question.id: content_hash(question) for question in quiz.questions}
    events = [
        _event(attempt)
        for attempt in attempts
        if attempt.sitting == latest and hashes.get(attempt.item) == attempt.content_hash
    ]
    seed = None if latest == ids[0] else latest
    return LoggedSitting(latest, replay(begin(quiz, seed), events))


def attempt_of(logged: LoggedSitting, event: Event, seconds: float | None = None) -> Attempt:
    """Return the attempt that records an event; `logged` is the state before it."""
    question = logged.sitting.quiz.questions[logged.sitting.index(event.question)]
    state = logged.sitting.state(question.id)
    where = {"sitting": logged.id, "quiz": logged.sitting.quiz.id, "seconds": seconds}
    hash_ = content_hash(question)
    match event:
        case Answered(option=option):
            first = not state.tries
            score = mark(question, option).score if first else 0.0
            return new_attempt(
                "answer",
                question.id,
                hash_,
                answer=option,
                score=score,
                max_score=MAX_SCORE,
                first_try=first,
                hints=state.hints,
                **where,
            )
        case HintOpened():
            return new_attempt("hint", question.id, hash_, hints=state.hints + 1, **where)
        case Skipped():
            return new_attempt("skip", question.id, hash_, hints=state.hints, **where)


def _event(attempt: Attempt) -> Event:
    match attempt.kind:
        case "answer":
            return Answered(attempt.item, attempt.answer or "")
        case "hint":
            return HintOpened(attempt.item)
        case _:
            return Skipped(attempt.item)


def _sitting_ids(attempts: list[Attempt]) -> list[str]:
    """Return the ids of the sittings, first one first."""
    return list(dict.fromkeys(a.sitting for a in attempts if a.sitting is not None))
