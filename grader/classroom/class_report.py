"""What the results of a class show, as data: `course report --json` prints exactly this."""

from __future__ import annotations

from msgspec import Struct

from grader.classroom.item_analysis import Item, Spread, Statistic
from grader.judge.report import Outcome


class AnswerCount(Struct, frozen=True, kw_only=True):
    """How many gave one answer to a question, and the wrong idea behind it."""

    answer: str | None  # an option's letter, or a value; None is no answer
    text: str
    learners: int
    correct: bool
    misconception: str | None = None


class QuestionAnswers(Struct, frozen=True, kw_only=True):
    """The answers to one question. Options nobody chose are listed too: they distract nobody."""

    question: str
    several: bool  # each learner may have chosen several options
    answers: tuple[AnswerCount, ...]


class OutcomeCount(Struct, frozen=True, kw_only=True):
    """How often tests ended in one way."""

    outcome: Outcome
    tests: int
    learners: int  # that it happened to at least once


class Work(Struct, frozen=True, kw_only=True):
    """One exercise or quiz, as the class has done it."""

    id: str
    kind: str  # "exercise" or "quiz"
    title: str
    graded: int
    unreadable: int  # counts as 0 points
    failed: int  # this machine could not grade it; counts nowhere
    missing: int  # learners with other results, but none here
    points: float
    shares: Spread
    alpha: Statistic
    functions: tuple[Item, ...]  # of an exercise
    items: tuple[Item, ...]  # tests or questions
    outcomes: tuple[OutcomeCount, ...]
    answers: tuple[QuestionAnswers, ...]
    versions: int  # of the exercise or quiz among the results


class MisconceptionCount(Struct, frozen=True, kw_only=True):
    """How many learners have shown a wrong idea; each is counted once, wherever it was seen."""

    id: str
    belief: str
    learners: int
    in_quizzes: int
    in_code: int


class NeedsHelp(Struct, frozen=True, kw_only=True):
    """A learner to look at, and why."""

    learner: str
    share: float | None  # of the points of all work of the class; None if nothing could be graded
    misconceptions: tuple[str, ...]
    reasons: tuple[str, ...]


class SameWork(Struct, frozen=True, kw_only=True):
    """Learners who handed in the very same code."""

    work: str
    learners: tuple[str, ...]
    share: float  # of the points it earned; code without points is often the starter as it was


class AlikeWork(Struct, frozen=True, kw_only=True):
    """Two learners whose code for one exercise is alike, though not the same."""

    work: str
    one: str
    other: str
    share: float  # of the shorter one's own code


class ClassReport(Struct, frozen=True, kw_only=True):
    """All that is shown of a class."""

    learners: int
    works: tuple[Work, ...]
    misconceptions: tuple[MisconceptionCount, ...]
    needs_help: tuple[NeedsHelp, ...]
    same: tuple[SameWork, ...]
    alike: tuple[AlikeWork, ...] | None  # None: the submissions themselves were not looked at
    notes: tuple[str, ...]
