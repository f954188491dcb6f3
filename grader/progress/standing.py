"""Where the learner stands, as values."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from grader.progress.attempt import Confidence


class Suggestion(Struct, frozen=True):
    """What to do next, and the commands to type, first one first."""

    kind: Literal["learn", "go-on", "take", "start", "improve", "read-again", "practise", "review", "done"]
    item: str | None
    says: str
    commands: tuple[str, ...]


class QuizStanding(Struct, frozen=True):
    """Scores at one quiz; `best` and `last` are None before the first sitting."""

    id: str
    title: str
    best: float | None
    last: float | None
    max_score: float
    sittings: int
    open_questions: int  # of the last sitting, neither solved nor skipped
    stale: int  # attempts at questions that have changed since


class FunctionStanding(Struct, frozen=True):
    """Scores at one function of an exercise."""

    name: str
    best: float
    last: float
    max_score: float


class ExerciseStanding(Struct, frozen=True):
    """Scores at one exercise; None before the first check of its present version."""

    id: str
    title: str
    best: float | None
    last: float | None
    max_score: float | None
    checks: int
    passed: bool  # full points, once
    functions: tuple[FunctionStanding, ...]
    stale: int


class ConceptStanding(Struct, frozen=True):
    """Evidence on one concept; `mastery` is the probability that it is known."""

    id: str
    title: str
    right: int
    evidence: int  # pieces: questions and tests
    mastery: float
    mastered: bool
    read_again: tuple[tuple[str, str], ...]  # (lesson, section), if something was not right


class MisconceptionMet(Struct, frozen=True):
    """A wrong idea the learner's answers or code have shown."""

    id: str
    belief: str
    correction: str
    times: int
    last: str  # the time it was last met
    mended: bool  # its concept has been got right since


class ConfidenceStanding(Struct, frozen=True):
    """How often answers were right that were given with this confidence, on the first try."""

    confidence: Confidence
    right: int
    answers: int


class ReviewStanding(Struct, frozen=True):
    """How many questions are due to be asked again, and when the next one is; None if none was met."""

    due: int
    next: str | None


class Standing(Struct, frozen=True):
    """The answer of `course progress --json`; its shape is stable."""

    attempts: int
    quizzes: tuple[QuizStanding, ...]
    exercises: tuple[ExerciseStanding, ...]
    concepts: tuple[ConceptStanding, ...]
    misconceptions: tuple[MisconceptionMet, ...]
    confidence: tuple[ConfidenceStanding, ...]
    review: ReviewStanding
    next: Suggestion
