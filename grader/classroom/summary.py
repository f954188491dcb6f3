"""The summary of a graded class, for the instructor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from grader.classroom.changes import Change
from grader.classroom.found_files import SkippedFile
from grader.classroom.intake import Intake
from grader.classroom.results import FileNote, Result, Status, file_notes
from grader.judge.confinement import Confinement


class ItemSummary(Struct, frozen=True):
    """The scores of one exercise or quiz, without those that could not be graded on this machine."""

    id: str
    handed_in: int
    mean: float | None
    max_score: float


class NotGraded(Struct, frozen=True):
    """A result without a verdict, or one of which a part did not count."""

    learner: str
    item: str
    status: Status
    problem: str


class Summary(Struct, frozen=True, kw_only=True):
    """The output of `course grade --json`."""

    output: str
    seed: int
    confinement: Confinement
    learners: int
    nothing_from: tuple[str, ...]  # learners without any graded work
    graded: int
    unreadable: int
    failed: int
    duplicates: int
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

    @property
    def per_minute(self) -> float:
        return (self.graded + self.unreadable + self.failed) / max(self.seconds, 0.1) * 60


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


def summary(results: Sequence[Result], intake: Intake, out: Path, went: Went) -> Summary:
    """Return the summary of all results."""

    def count(status: Status) -> int:
        return sum(result.status is status for result in results)

    ordered = sorted(results, key=lambda result: (result.learner, result.item))
    return Summary(
        output=str(out),
        learners=len(intake.learners),
        nothing_from=tuple(sorted({*intake.learners} - {result.learner for result in results})),
        graded=count(Status.GRADED),
        unreadable=count(Status.UNREADABLE),
        failed=count(Status.FAILED),
        duplicates=sum(result.same_as is not None for result in results),
        items=tuple(_item(id_, [r for r in results if r.item == id_]) for id_ in intake.items),
        problems=tuple(NotGraded(r.learner, r.item, r.status, r.problem) for r in ordered if r.problem),
        notes=file_notes(ordered),
        left_out=intake.left_out,
        alike=intake.alike,
        **asdict(went),
    )


def _item(id_: str, results: Sequence[Result]) -> ItemSummary:
    scores = [result.score for result in results if result.counts]
    mean = sum(scores) / len(scores) if scores else None
    return ItemSummary(id_, len(results), mean, max(result.max_score for result in results))
