"""Builders of attempts at the small course: answers, skips, checks and looks at solutions, dated in days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from samples import attempt
from tiny_course import EXERCISE, LESSON, QUIZ

from grader.content.course import content_hash
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.quiz import Practice, Quiz
from grader.progress.attempt import Attempt, timestamp
from grader.progress.evidence import Contents, VersionedExercise

PRACTICE = """\
id: tiny
lesson: tiny
questions:
  - id: tiny-drawn
    kind: numeric
    concepts: [numbers]
    section: "1"
    draw: {n: [1, 2, 3, 4]}
    prompt: What comes after {{n}}?
    answer: n + 1
    otherwise: Count on.
    explain: One more.
"""

QUIZ_ = decode(QUIZ, "q", Quiz)
CONTENTS = Contents(
    lessons=(decode(LESSON, "l", Lesson),),
    quizzes=(QUIZ_,),
    exercises=(VersionedExercise(decode(EXERCISE, "e", Exercise), "v1"),),
    practice=(decode(PRACTICE, "p", Practice),),
)
START = datetime(2026, 1, 2, tzinfo=UTC)


def day(number: float) -> datetime:
    """Return the moment `number` days after START."""
    return START + timedelta(days=number)


def answered(item: str, right: bool = True, *, on: float = 0, sitting: str = "s1", **other: Any) -> Attempt:
    """Return a first try at a question in a sitting of the quiz, `on` days after START."""
    hash_ = content_hash(CONTENTS.questions[item])
    verdict = {"correct": right, "score": float(right), "content_hash": hash_}
    return _attempt(on, item=item, sitting=sitting, **verdict | other)


def skipped(item: str, *, on: float = 0, sitting: str = "s1", **other: Any) -> Attempt:
    """Return a skip of a question, `on` days after START."""
    nothing = {"answer": None, "score": None, "max_score": None, "first_try": None, "correct": None}
    return answered(item, on=on, sitting=sitting, **{"kind": "skip"} | nothing | other)


def checked(*, on: float = 0, version: str = "v1", **outcomes: str) -> Attempt:
    """Return a check of the exercise; `outcomes` maps each function to the outcome of its only test."""
    tests = [
        {"id": f"test_{name}", "function": name, "outcome": outcome, "points": 1.0}
        | {"score": float(outcome == "passed")}
        for name, outcome in outcomes.items()
    ]
    score = sum(test["score"] for test in tests)
    report = {"tests": tests, "passed": score == len(tests)}
    result = {"report": report, "score": score, "max_score": float(len(tests)), "content_hash": version}
    return _attempt(on, kind="check", item="exercise-sum", **_NOWHERE, **result)


def shown_solution(function: str, *, on: float = 0) -> Attempt:
    """Return the attempt that records that the solution of a function was shown."""
    (versioned,) = CONTENTS.exercises
    contract = versioned.exercise.function(function)
    assert contract is not None
    nothing = {"score": None, "max_score": None, "content_hash": content_hash(contract)}
    return _attempt(on, kind="solution", item=f"exercise-sum/{function}", **_NOWHERE, **nothing)


def about_code(
    right: bool | None,
    *,
    on: float = 0,
    question: str = "q1",
    template: str = "line-count",
    source: str = "s",
) -> Attempt:
    """Return a first answer to a question about the learner's `add`; None is a skip."""
    about = {"template": template, "question": question, "guess": 0.25}
    where = {"item": "exercise-sum/add", "content_hash": source, "report": about}
    if right is None:
        nothing = {"score": None, "max_score": None}
        return _attempt(on, kind="skip", **_NOWHERE | where | nothing)
    verdict = {"answer": "b", "correct": right, "score": float(right), "first_try": True}
    return _attempt(on, kind="own", **_NOWHERE | where | verdict)


_NOWHERE = {"sitting": None, "quiz": None, "answer": None, "first_try": None}


def _attempt(on: float, **fields: Any) -> Attempt:
    fields["time"] = timestamp(day(on))
    return attempt(crc32(repr(sorted(fields.items())).encode()), **fields)
