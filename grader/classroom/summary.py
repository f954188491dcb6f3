"""The summary of a graded class, for the instructor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from grader.classroom.changes import Change
from grader.classroom.derivation import Derived
from grader.classroom.found_files import SkippedFile
from grader.classroom.intake import Intake
from grader.classroom.namesakes import Namesakes, namesakes_in
from grader.classroom.results import AdjustmentKind, FileNote, Result, Status, file_notes
from grader.judge.confinement import Confinement


class ItemSummary(Struct, frozen=True):
    """The submissions of one exercise or quiz, and the final scores."""

    id: str
    handed_in: int  # submissions
    mean: float | None  # of the final scores
    max_score: float
    scores: int  # final scores: not of excused work, or of what could not be graded on this machine
    decided: int  # final scores that the class file gives, with or without a submission
    excused: int  # learners whose work is excused, with or without a submission


class NotGraded(Struct, frozen=True):
    """A result without a verdict, or one of which a part did not count."""

    learner: str
    item: str
    status: Status
    problem: str  # with advice to the learner, unless it failed on this machine


class Summary(Struct, frozen=True, kw_only=True):
    """The output of `course grade --json`."""

    output: str
    seed: int
    confinement: Confinement
    learners: int  # with a row in grades.csv
    nothing_from: tuple[str, ...]  # learners without any graded work
    submissions: int  # graded, unreadable and failed ones; the work of a group is one
    graded: int
    unreadable: int
    failed: int  # could not be graded on this machine
    duplicates: int  # results with the code of another learner
    judged: int  # different submissions that were judged in this run
    kept: int  # results of the resumed run that still hold
    anew: int  # its results that were graded again: the code, the exercise or the machine changed
    gone: tuple[str, ...]  # its results that were dropped: the work is no longer there
    torn: int  # its lines that could not be read
    seconds: float
    items: tuple[ItemSummary, ...]
    problems: tuple[NotGraded, ...]
    notes: tuple[FileNote, ...]
    left_out: tuple[SkippedFile, ...]
    changes: tuple[Change, ...] = ()  # since the run before, with --again
    anew_why: tuple[str, ...] = ()  # what has changed: "the code", "the exercise", "this machine"
    class_notes: tuple[str, ...] = ()  # on the class file
    marks_notes: tuple[str, ...] = ()  # on the table of marks
    alike: tuple[tuple[str, ...], ...] = ()  # names that differ only in spaces, case or Unicode form
    namesakes: tuple[Namesakes, ...] = ()  # learners of whom the system says the same name

    @property
    def per_minute(self) -> float:
        return self.submissions / max(self.seconds, 0.1) * 60


class Went(Struct, frozen=True):
    """The figures of a run that its results do not show."""

    seed: int
    confinement: Confinement
    judged: int
    kept: int
    anew: int
    gone: tuple[str, ...]
    torn: int
    seconds: float
    changes: tuple[Change, ...] = ()
    anew_why: tuple[str, ...] = ()
    class_notes: tuple[str, ...] = ()
    marks_notes: tuple[str, ...] = ()


def summary(raw: Sequence[Result], derived: Derived, intake: Intake, out: Path, went: Went) -> Summary:
    """Return the summary of the submissions and of the final results derived from them.

    `raw` has a result per submission. The class file may share one among a group, and decide
    about learners without any.
    """
    results = derived.results

    def count(status: Status) -> int:
        return sum(result.status is status for result in raw)

    ordered = sorted(results, key=lambda result: (result.learner, result.item))
    return Summary(
        output=str(out),
        learners=len(derived.learners),
        nothing_from=tuple(sorted(intake.without_work.keys() - {result.learner for result in results})),
        submissions=len(raw),
        graded=count(Status.GRADED),
        unreadable=count(Status.UNREADABLE),
        failed=count(Status.FAILED),
        duplicates=sum(result.same_as is not None for result in results),
        items=tuple(_item(id_, raw, results) for id_ in intake.items),
        problems=tuple(NotGraded(r.learner, r.item, r.status, r.problem) for r in ordered if r.problem),
        notes=file_notes(ordered),
        left_out=intake.left_out,
        alike=intake.alike,
        namesakes=namesakes_in(raw, intake.without_work),
        **asdict(went),
    )


def _item(id_: str, raw: Sequence[Result], results: Sequence[Result]) -> ItemSummary:
    own = [result for result in results if result.item == id_]
    scores = [result.score for result in own if result.counts]
    return ItemSummary(
        id=id_,
        handed_in=sum(result.item == id_ for result in raw),
        mean=sum(scores) / len(scores) if scores else None,
        max_score=max(result.max_score for result in own),
        scores=len(scores),
        decided=sum(result.counts and _is_decided(result) for result in own),
        excused=sum(result.excused for result in own),
    )


def _is_decided(result: Result) -> bool:
    return any(each.kind is AdjustmentKind.OVERRIDE for each in result.adjustments)
