"""The class report as data: `course report --json` prints exactly this."""

from __future__ import annotations

from msgspec import Struct

from grader.classroom.grouping import AnswerGroup
from grader.classroom.item_analysis import Item, Spread, Statistic
from grader.classroom.results import FileNote
from grader.judge.report import Outcome


class AnswerCount(Struct, frozen=True, kw_only=True):
    """The number of learners who gave one answer to a question, and its misconception."""

    answer: str | None  # an option's letter, or a value; None: no answer
    text: str
    learners: int
    correct: bool
    misconception: str | None = None


class QuestionAnswers(Struct, frozen=True, kw_only=True):
    """The answers to one question.

    Lists options that nobody chose, so that non-working distractors are visible.
    """

    question: str
    several: bool  # True if a learner may choose several options
    answers: tuple[AnswerCount, ...]


class OutcomeCount(Struct, frozen=True, kw_only=True):
    """The number of tests with one outcome."""

    outcome: Outcome
    tests: int
    learners: int  # with at least one such test


class Work(Struct, frozen=True, kw_only=True):
    """The results of the class for one exercise or quiz."""

    id: str
    kind: str  # "exercise" or "quiz"
    title: str
    graded: int
    unreadable: int  # counted as 0 points
    failed: int  # could not be graded on this machine; not counted
    missing: int  # learners with other results, but none for this work
    points: float
    shares: Spread
    alpha: Statistic
    functions: tuple[Item, ...]  # empty for a quiz
    items: tuple[Item, ...]  # tests or questions
    outcomes: tuple[OutcomeCount, ...]
    answers: tuple[QuestionAnswers, ...]
    versions: int  # number of versions of the work among the results


class MisconceptionCount(Struct, frozen=True, kw_only=True):
    """The number of learners who showed a misconception; each learner counts once."""

    id: str
    belief: str
    learners: int
    in_quizzes: int
    in_code: int


class NeedsHelp(Struct, frozen=True, kw_only=True):
    """A learner who may need help, and the reasons."""

    learner: str
    share: float | None  # of the points for all work of the class; None if nothing could be graded
    misconceptions: tuple[str, ...]
    reasons: tuple[str, ...]


class SameWork(Struct, frozen=True, kw_only=True):
    """Learners who handed in identical code."""

    work: str
    learners: tuple[str, ...]
    share: float  # of the points; code without points is often the unchanged starter


class AlikeWork(Struct, frozen=True, kw_only=True):
    """Two learners whose code for one exercise is similar, but not identical."""

    work: str
    one: str
    other: str
    share: float  # of the shorter code that is also in the other


class ClassReport(Struct, frozen=True, kw_only=True):
    """The report of a class."""

    learners: int
    works: tuple[Work, ...]
    misconceptions: tuple[MisconceptionCount, ...]
    needs_help: tuple[NeedsHelp, ...]
    groups: tuple[AnswerGroup, ...]  # of wrong answers that no known mistake explains
    same: tuple[SameWork, ...]
    alike: tuple[AlikeWork, ...] | None  # None: the submissions were not compared
    file_notes: tuple[FileNote, ...]
    notes: tuple[str, ...]
