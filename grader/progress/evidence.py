"""Which attempts still say something: those at items that have not changed since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from grader.content.course import content_hash
from grader.content.exercise import Exercise
from grader.content.lesson import Concept, Lesson, Misconception
from grader.content.quiz import Question, Quiz
from grader.progress.attempt import Attempt


class VersionedExercise(Struct, frozen=True):
    """An exercise and the version of everything that decides its verdicts."""

    exercise: Exercise
    version: str


class Contents(Struct, frozen=True):
    """What progress is measured against: all of a course, read."""

    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    exercises: tuple[VersionedExercise, ...]

    @property
    def concepts(self) -> dict[str, Concept]:
        return {concept.id: concept for lesson in self.lessons for concept in lesson.concepts}

    @property
    def misconceptions(self) -> dict[str, Misconception]:
        return {found.id: found for lesson in self.lessons for found in lesson.misconceptions}

    def sections_on(self, concept_id: str) -> list[tuple[str, str]]:
        """Return (lesson id, section id) of the sections that teach a concept."""
        return [(lesson.id, s.id) for lesson in self.lessons for s in lesson.sections_on(concept_id)]


class TestLine(Struct, frozen=True):
    """What progress needs of one test in a check's report."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    id: str
    function: str
    outcome: str
    points: float
    score: float

    @property
    def counts(self) -> bool:
        """A broken test says nothing about the learner."""
        return self.outcome != "judge_broken"


class MistakeLine(Struct, frozen=True):
    """What progress needs of one recognised mistake in a check's report."""

    misconception: str | None = None


class ReportLines(Struct, frozen=True):
    """What progress needs of a check's report."""

    passed: bool = False
    tests: tuple[TestLine, ...] = ()
    mistakes: tuple[MistakeLine, ...] = ()


def report_lines(report: dict[str, Any] | None) -> ReportLines:
    """Return the part of a report that progress reads. Raises ValueError if it has another shape."""
    return msgspec.convert(report or {}, ReportLines)


class QuestionAttempt(Struct, frozen=True):
    """An attempt at a question that still is as it was."""

    question: Question
    attempt: Attempt


class CheckAttempt(Struct, frozen=True):
    """A check of an exercise that still is as it was."""

    exercise: Exercise
    attempt: Attempt
    lines: ReportLines


def in_time(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return attempts by time; imported ones come last in the log, whenever they were made."""
    return sorted(attempts, key=lambda attempt: attempt.time)


def at_questions(quiz: Quiz, attempts: Iterable[Attempt]) -> tuple[list[QuestionAttempt], int]:
    """Return the answers and skips at a quiz's questions that still count, and how many are stale."""
    questions = {question.id: question for question in quiz.questions}
    hashes = {question.id: content_hash(question) for question in quiz.questions}
    fresh, stale = [], 0
    for attempt in attempts:
        if attempt.quiz != quiz.id or attempt.kind not in ("answer", "skip"):
            continue
        if hashes.get(attempt.item) != attempt.content_hash:
            stale += 1
        elif attempt.kind == "skip" or attempt.answer in [*questions[attempt.item].option_ids]:
            fresh.append(QuestionAttempt(questions[attempt.item], attempt))
    return fresh, stale


def first_tries(found: Iterable[QuestionAttempt]) -> list[QuestionAttempt]:
    """Return the first try at each question of each sitting.

    Two terminals that go on with one sitting can each log what they take for the first try.
    """
    first: dict[tuple[str | None, str], QuestionAttempt] = {}
    for each in found:
        if each.attempt.first_try:
            first.setdefault((each.attempt.sitting, each.question.id), each)
    return [*first.values()]


def at_exercise(found: VersionedExercise, attempts: Iterable[Attempt]) -> tuple[list[CheckAttempt], int]:
    """Return the checks of an exercise that still count, and how many are stale."""
    fresh, stale = [], 0
    for attempt in attempts:
        if attempt.kind != "check" or attempt.item != found.exercise.id:
            continue
        if attempt.content_hash == found.version:
            fresh.append(CheckAttempt(found.exercise, attempt, report_lines(attempt.report)))
        else:
            stale += 1
    return fresh, stale
