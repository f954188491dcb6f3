"""The class report as data: `course report --json` prints exactly this."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.grouping import AnswerGroup
from grader.classroom.item_analysis import Item, Spread, Statistic
from grader.classroom.namesakes import Namesakes
from grader.classroom.results import FileNote
from grader.classroom.side_by_side import Excerpt
from grader.judge.report import Outcome


class CellKind(StrEnum):
    """The state of one cell of the class table."""

    RIGHT = "right"  # all points
    PARTLY = "partly"
    WRONG = "wrong"  # no points
    MISSING = "missing"  # nothing handed in
    UNREADABLE = "unreadable"
    FAILED = "not graded"  # this machine could not grade it
    EXCUSED = "excused"
    GIVEN = "given"  # the class file decides


class Cell(Struct, frozen=True, kw_only=True):
    """The result of one learner in one column of the class table."""

    kind: CellKind
    score: float = 0.0
    points: float = 0.0
    ideas: tuple[str, ...] = ()  # misconceptions
    outcome: Outcome | None = None  # of all failed tests, if they ended alike
    is_blank: bool = False  # the learner has not written the function
    is_undefined: bool = False  # there is no function of this name
    unread: str | None = None  # the place in the function that Python cannot read, such as "line 3"


class Column(Struct, frozen=True, kw_only=True):
    """A function of an exercise, or a whole exercise or quiz if `function` is None."""

    work: str
    function: str | None
    points: float
    right: int  # learners with all points
    judged: int  # learners with a verdict


class Row(Struct, frozen=True, kw_only=True):
    """One learner of the class table. `share` is of the points for all work of the class."""

    learner: str
    share: float | None
    cells: tuple[Cell, ...]


class ClassTable(Struct, frozen=True, kw_only=True):
    """Learners × functions, with a cell per column in each row."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


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
    graded: int  # with a verdict, also if the work is excused
    unreadable: int  # counted as 0 points
    failed: int  # could not be graded on this machine; not counted
    missing: int  # learners with other results, but none for this work
    given: int  # learners without a verdict, about whom the class file decides
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
    correction: str | None
    learners: int
    took: int  # learners with a verdict on the work in which somebody showed it
    in_quizzes: int
    in_code: int
    who: tuple[str, ...]


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
    excerpts: tuple[Excerpt, ...] = ()  # of both; only for the first pairs


class AlikeGroup(Struct, frozen=True, kw_only=True):
    """Many learners with nearly the same code, which is neither the starter nor the solution."""

    work: str
    learners: tuple[str, ...]


class OwnCodeAnswers(Struct, frozen=True, kw_only=True):
    """What one learner answered about own code that passes its tests. It gives no points."""

    learner: str
    work: str
    passed: int  # functions whose tests all pass
    functions: int
    asked: int
    right: int
    low: float  # of the 95% interval for the share that the learner can answer
    high: float


class EssayAnswer(Struct, frozen=True, kw_only=True):
    """What one learner wrote. `points` are those of an instructor, or None if there are none yet."""

    learner: str
    text: str
    points: float | None


class Essay(Struct, frozen=True, kw_only=True):
    """A question of a quiz that an instructor marks, with the answers to it."""

    work: str
    question: str
    prompt: str
    points: float
    criteria: tuple[str, ...]
    answers: tuple[EssayAnswer, ...]

    def with_answer(self, answer: EssayAnswer) -> Essay:
        """Return the essay with one more answer."""
        return replace(self, answers=(*self.answers, answer))


class ClassReport(Struct, frozen=True, kw_only=True):
    """The report of a class."""

    learners: int  # those who are absent are not counted
    works: tuple[Work, ...]
    table: ClassTable
    needs_help: tuple[NeedsHelp, ...]
    misconceptions: tuple[MisconceptionCount, ...]
    shares: Spread  # of the points for all work
    groups: tuple[AnswerGroup, ...]  # of wrong answers that no known mistake explains
    same: tuple[SameWork, ...]
    alike: tuple[AlikeWork, ...] | None  # None: the submissions were not compared
    file_notes: tuple[FileNote, ...]
    notes: tuple[str, ...]  # on the class and on the figures
    own_code: tuple[OwnCodeAnswers, ...] = ()  # who answered least comes first
    essays: tuple[Essay, ...] = ()
    alike_groups: tuple[AlikeGroup, ...] = ()  # too large for pairs
    stopped: str | None = None  # says that the run was stopped before its end, and how to continue it
    nothing_from: tuple[str, ...] = ()  # learners without any graded work
    namesakes: tuple[Namesakes, ...] = ()  # learners of whom the system says the same name
    absent: tuple[str, ...] = ()  # learners of whom the class file says that they have no submission
