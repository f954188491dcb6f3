"""The files of one run: `run.json`, and `results.jsonl` with a line per exercise or quiz of a learner."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from grader.classroom.owner import Owner
from grader.classroom.submission_time import SubmissionTime
from grader.judge.report import Environment, Outcome, Report
from grader.quiz.result import QuizResult

RUN, RESULTS = "run.json", "results.jsonl"
Place = tuple[str, str]  # who handed something in, and the id of the exercise or quiz


class RunRecord(Struct, frozen=True, kw_only=True):
    """`run.json`: the options of a run, and all that its verdicts depend on."""

    package: str
    seed: int
    started: str
    directory: str  # that was graded
    course: str
    exercises: dict[str, str]  # id -> version
    quizzes: dict[str, str]
    environment: Environment
    only_exercises: tuple[str, ...] = ()
    only_quizzes: tuple[str, ...] = ()
    names: str | None = None  # the pattern that read the names
    handed_in: int = 0  # submissions, so that an interrupted run is known
    without_work: dict[str, Owner | None] = {}  # learners who have no result
    files: dict[str, dict[str, str]] = {}  # exercise -> file -> hash, so that a change can be named
    class_file: str | None = None
    class_text: str = ""  # its content, so that the scores of this run can be derived again
    marks_file: str | None = None
    marks_text: str = ""
    absent: tuple[str, ...] = ()  # learners of the class who have no submission, by the class file


class Status(StrEnum):
    """The state of a result."""

    GRADED = "graded"  # there is a verdict
    UNREADABLE = "unreadable"  # the file is not a submission: 0 points
    FAILED = "failed"  # this machine could not grade it; grading again may work
    GIVEN = "given"  # the class file decides, without a verdict


class AdjustmentKind(StrEnum):
    """What a class file or a table of marks did to a result."""

    GROUP = "group"
    LATE = "late"
    EXTENSION = "extension"
    OVERRIDE = "override"
    EXCUSED = "excused"
    COMMENT = "comment"
    MARK = "mark"


class Adjustment(Struct, frozen=True):
    """What such a file did to a result, in a sentence for the learner, and the points that it changed."""

    kind: AdjustmentKind
    says: str
    points: float = 0.0


class Mark(Struct, frozen=True, omit_defaults=True):
    """What an instructor gave for an essay."""

    question: str
    points: float
    comment: str = ""


class Result(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exercise or quiz of one learner.

    A graded result has a `report` or `answers`. Otherwise `problem` says why it was
    not graded. In a graded quiz, `problem` says which lines do not count and why.
    `score` is the final score, and `raw_score` that of the verdict, before the class
    file was applied; `adjustments` tell what it did. Excused work does not count.
    The seconds of a `report` are 0, so that grading again gives the same file.
    """

    learner: str
    item: str  # the id of the exercise or quiz
    file: str  # path inside the graded directory
    source: str  # a hash of the code or the answers
    status: Status
    score: float
    max_score: float
    same_as: str | None = None  # the first learner with the same code, if it is not the starter
    problem: str | None = None
    report: Report | None = None
    answers: QuizResult | None = None
    notes: tuple[str, ...] = ()  # on how the files were chosen and read, for the instructor
    told: tuple[str, ...] = ()  # what the learner is told of it: which of several files or attempts counts
    owner: Owner | None = None  # what the system says of the learner
    raw_score: float | None = None  # None only in files of earlier versions
    submitted: SubmissionTime | None = None
    adjustments: tuple[Adjustment, ...] = ()
    excused: bool = False
    marks: tuple[Mark, ...] = ()  # for the essays of a quiz
    handed_in_by: str | None = None  # another member of the group, or the group

    @property
    def raw(self) -> float:
        """The score of the verdict."""
        return self.score if self.raw_score is None else self.raw_score

    @property
    def place(self) -> Place:
        """Who handed this in, for a whole group perhaps, and what."""
        return self.handed_in_by or self.learner, self.item

    def mark_for(self, question: str) -> Mark | None:
        """Return what an instructor gave for an essay, or None."""
        return next((mark for mark in self.marks if mark.question == question), None)

    def points_for(self, question: str) -> float | None:
        """Return the points that an instructor gave for an essay, or None."""
        mark = self.mark_for(question)
        return None if mark is None else mark.points

    @property
    def counts(self) -> bool:
        """False if there is no grade to transfer: the work failed to be graded, or is excused."""
        return self.status is not Status.FAILED and not self.excused


class FileNote(Struct, frozen=True, kw_only=True):
    """A note on how a learner's files were chosen and read, or on tests that nobody has judged."""

    learner: str
    item: str
    note: str


def file_notes(results: Iterable[Result]) -> tuple[FileNote, ...]:
    """Return the notes of all results, sorted by learner and item."""
    ordered = sorted(results, key=lambda result: (result.learner, result.item))
    return tuple(
        FileNote(learner=r.learner, item=r.item, note=note)
        for r in ordered
        for note in (*r.notes, *_not_judged(r))
    )


def _not_judged(result: Result) -> tuple[str, ...]:
    """Return a note if the instructor must decide on some tests, whose score is 0 until then."""
    tests = result.report.tests if result.report is not None else ()
    points = [test.points for test in tests if test.outcome is Outcome.NOT_JUDGED]
    if not points:
        return ()
    some = f"{len(points)} tests were" if len(points) > 1 else "1 test was"
    return (f"{some} not judged ({sum(points):g} points, scored 0): decide on them yourself",)
