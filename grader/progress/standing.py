"""Types of a learner's standing: scores, mastery, misconceptions and the next step."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from grader.progress.attempt import Confidence


class Suggestion(Struct, frozen=True):
    """One suggested step, with the commands to type in order of preference.

    `other` is a command for something else that was begun, or that explains what was begun.
    """

    kind: Literal["learn", "go-on", "take", "start", "improve", "read-again", "practise", "review", "done"]
    item: str | None
    says: str
    commands: tuple[str, ...]
    other: str | None = None


class QuizStanding(Struct, frozen=True):
    """Scores in one quiz; `best` and `last` are None before the first sitting."""

    id: str
    title: str
    best: float | None
    last: float | None
    max_score: float
    sittings: int
    open_questions: int  # in the last sitting: neither solved nor skipped
    stale: int  # number of attempts at questions that have changed since
    finished: bool  # in at least one sitting, every question is solved or skipped


class FunctionStanding(Struct, frozen=True):
    """Scores of one function of an exercise."""

    name: str
    best: float
    last: float
    max_score: float


class ExerciseStanding(Struct, frozen=True):
    """Scores in one exercise; None before the first check of its current version."""

    id: str
    title: str
    best: float | None
    last: float | None
    max_score: float | None
    checks: int
    passed: bool  # at least one check earned full points
    functions: tuple[FunctionStanding, ...]
    stale: int  # number of checks of older versions


class ConceptStanding(Struct, frozen=True):
    """Evidence on one concept; `mastery` is the probability that it is known."""

    id: str
    title: str
    right: int
    evidence: int  # number of pieces: questions and tests
    mastery: float
    mastered: bool
    read_again: tuple[tuple[str, str], ...]  # (lesson, section); empty if all evidence is right


class MisconceptionMet(Struct, frozen=True):
    """A misconception that the learner's answers or code have shown."""

    id: str
    belief: str
    correction: str
    times: int
    last: str  # time of the last such answer or check
    mended: bool  # there is right evidence on its concept since, and the code that showed it was corrected


class ConfidenceStanding(Struct, frozen=True):
    """The numbers of right answers and of all answers on a first try with this confidence."""

    confidence: Confidence
    right: int
    answers: int


class ReviewStanding(Struct, frozen=True):
    """The number of questions due for review, and the time when the next one will be.

    `next` is None if no question will become due later.
    """

    due: int
    next: str | None


class Standing(Struct, frozen=True):
    """The output of `course progress --json`. Its shape is stable."""

    attempts: int
    quizzes: tuple[QuizStanding, ...]
    exercises: tuple[ExerciseStanding, ...]
    concepts: tuple[ConceptStanding, ...]
    misconceptions: tuple[MisconceptionMet, ...]
    confidence: tuple[ConfidenceStanding, ...]
    review: ReviewStanding
    next: Suggestion
