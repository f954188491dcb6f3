"""Sittings in the log: which one is open, how it is resumed, and the attempts that record its events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from hashlib import blake2b

from msgspec import Struct

from grader.content.course import content_hash
from grader.content.questions import Question
from grader.content.quiz import Practice, Quiz
from grader.progress.attempt import Attempt, Confidence, in_time, new_id
from grader.quiz.answer import mark
from grader.quiz.sitting import Answered, Event, HintOpened, Sitting, Skipped, Stage, apply, begin, replay
from grader.tutor.recording import Recorder, new_attempt


class Purpose(Enum):
    """The purpose of a sitting. Only a quiz's sittings score."""

    QUIZ = "quiz"
    PRACTICE = "practice"


class LoggedSitting(Struct, frozen=True):
    """A sitting, the id under which its events are logged, and its quiz as the course has it."""

    id: str
    quiz: Quiz
    sitting: Sitting  # its quiz has the drawn values
    purpose: Purpose = Purpose.QUIZ


def fresh_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting:
    """Return a new sitting. The first sitting of a quiz shows the options in the file's order.

    Until it begins, it is the same one each time: its id shuffles the options, and a page shows them
    before it sends an answer.
    """
    seed = f"{quiz.id} {attempts[-1].id}".encode() if attempts else None
    sitting_id = blake2b(seed, digest_size=16).hexdigest() if seed else new_id()
    return quiz_sitting(quiz, sitting_id, attempts)


def last_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting | None:
    """Return the quiz's latest sitting, rebuilt from its attempts, or None if there is none.

    Answers to questions that have changed since are left out, so those questions are asked again.
    """
    attempts = in_time(attempts)  # imported attempts come last in the log
    latest = next((a.sitting for a in reversed(attempts) if a.sitting is not None), None)
    return None if latest is None else quiz_sitting(quiz, latest, attempts)


def quiz_sitting(quiz: Quiz, sitting_id: str, attempts: list[Attempt]) -> LoggedSitting:
    """Return a sitting of a quiz by its id: one of the log, or a new one."""
    attempts = in_time(attempts)
    ids = _sitting_ids(attempts)
    turn = ids.index(sitting_id) if sitting_id in ids else len(ids)
    sitting = begin(quiz, sitting_id if turn else None, turn)
    return LoggedSitting(sitting_id, quiz, _replayed(quiz, sitting, sitting_id, attempts))


def open_sitting(quiz: Quiz, attempts: list[Attempt]) -> LoggedSitting:
    """Return the sitting that is under way, or a new one."""
    last = last_sitting(quiz, attempts)
    if last is None or last.sitting.untouched or last.sitting.current is None:
        return fresh_sitting(quiz, attempts)
    return last


def practice_sitting(question: Question, lesson: str, attempts: list[Attempt]) -> LoggedSitting:
    """Return a sitting of one question outside its quiz: the one under way, or the next.

    Practice sittings are numbered. The number decides the drawn values, so they
    change each time, and they are the same for all learners the first time.
    """
    own = re.compile(re.escape(practice_id(question, 0)[:-1]) + r"(\d{1,9})")
    matches = (own.fullmatch(a.sitting or "") for a in attempts if a.item == question.id)
    last_number = max([0, *(int(match[1]) for match in matches if match)])
    last = numbered_practice(question, lesson, last_number, attempts)
    if last.sitting.current is not None and not last.sitting.untouched:
        return last
    return numbered_practice(question, lesson, last_number + 1, attempts)


def numbered_practice(question: Question, lesson: str, number: int, attempts: list[Attempt]) -> LoggedSitting:
    """Return a practice sitting by its number, which counts from 1."""
    quiz = Quiz(id=lesson, title="", lesson=lesson, questions=(question,))
    sitting_id = practice_id(question, number)
    begun = begin(quiz, sitting_id if number > 1 else None, number - 1)
    replayed = _replayed(quiz, begun, sitting_id, in_time(attempts))
    return LoggedSitting(sitting_id, quiz, replayed, Purpose.PRACTICE)


def practice_id(question: Question, number: int) -> str:
    """Return the id of a practice sitting."""
    return f"practice/{question.id}/{number}"


def sitting_to_ask(
    question: Question, quiz: Quiz | None, lesson: str, attempts: list[Attempt]
) -> LoggedSitting:
    """Return the sitting in which a question can be asked now: one of its quiz, or one for practice.

    If logs from two machines were merged, the quiz's open sitting may have closed the question already.
    """
    if quiz is not None:
        logged = open_sitting(quiz, [attempt for attempt in attempts if attempt.quiz == quiz.id])
        if logged.sitting.state(question.id).stage is Stage.OPEN:
            return logged
    return practice_sitting(question, lesson, attempts)


def sitting_to_help(question: Question, source: Quiz | Practice, attempts: list[Attempt]) -> LoggedSitting:
    """Return the sitting to which a hint opened outside any conversation belongs.

    It is the sitting in which the question is being asked, or else will be asked next.
    """
    if isinstance(source, Quiz):
        own = [attempt for attempt in attempts if attempt.quiz == source.id]
        logged = last_sitting(source, own) or fresh_sitting(source, own)
        if logged.sitting.state(question.id).stage is Stage.OPEN:
            return logged
    return practice_sitting(question, source.lesson, attempts)


def answered_sitting(quiz: Quiz, answers: Mapping[str, str], recorder: Recorder) -> Sitting:
    """Mark answers, by question id, as a sitting of their own, and record it in one transaction."""
    logged, attempts = LoggedSitting(new_id(), quiz, begin(quiz)), []
    for question in quiz.questions:
        if question.id in answers:
            event = Answered(question.id, answers[question.id])
            attempts.append(attempt_of(logged, event, recorder.now))
            logged = LoggedSitting(logged.id, quiz, apply(logged.sitting, event)[0])
    recorder.add(*attempts)
    return logged.sitting


def attempt_of(
    logged: LoggedSitting,
    event: Event,
    now: datetime,
    seconds: float | None = None,
    confidence: Confidence | None = None,
) -> Attempt:
    """Return the attempt that records an event. `logged` is the state before the event."""
    index = logged.sitting.index(event.question)
    question, state = logged.sitting.quiz.questions[index], logged.sitting.states[index]
    where = {
        "sitting": logged.id,
        "quiz": logged.quiz.id if logged.purpose is Purpose.QUIZ else None,
        "seconds": seconds,
    }
    version = content_hash(logged.quiz.questions[index])
    match event:
        case Answered(answer=answer):
            first, verdict = not state.tries, mark(question, answer)
            return new_attempt(
                now,
                "answer",
                question.id,
                version,
                answer=verdict.answer,
                correct=verdict.correct,
                misconception=verdict.misconception,
                score=verdict.score if first else 0.0,
                max_score=float(question.worth),
                first_try=first,
                hints=state.hints,
                confidence=confidence,
                **where,
            )
        case HintOpened():
            return new_attempt(now, "hint", question.id, version, hints=state.hints + 1, **where)
        case Skipped():
            return new_attempt(now, "skip", question.id, version, hints=state.hints, **where)


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
    """Return the ids of the sittings, oldest first."""
    return list(dict.fromkeys(a.sitting for a in attempts if a.sitting is not None))
