"""What an instructor reads when a class has been graded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from grader.classroom.archives import SkippedFile
from grader.classroom.intake import Intake
from grader.classroom.results import Result, Status
from grader.judge.confinement import Confinement


class ItemSummary(Struct, frozen=True):
    """How one exercise or quiz went; what could not be graded here does not count."""

    id: str
    handed_in: int
    mean: float | None
    max_score: float


class NotGraded(Struct, frozen=True):
    """A result without a verdict, or of which a part did not count."""

    learner: str
    item: str
    status: Status
    problem: str


class Summary(Struct, frozen=True, kw_only=True):
    """The answer of `course grade --json`."""

    output: str
    seed: int
    confinement: Confinement
    learners: int
    nothing_from: tuple[str, ...]  # learners who handed in nothing that is graded
    graded: int
    unreadable: int
    failed: int
    duplicates: int
    judged: int  # different submissions that a judge has looked at this time
    kept: int  # results of the run that was gone on with
    anew: int  # results of it that were graded again, because the code, the exercise or the machine changed
    gone: tuple[str, ...]  # results of it that are dropped, because what they are about is not there any more
    torn: int  # lines of it that could not be read
    seconds: float
    items: tuple[ItemSummary, ...]
    problems: tuple[NotGraded, ...]
    left_out: tuple[SkippedFile, ...]

    @property
    def per_minute(self) -> float:
        return (self.graded + self.unreadable + self.failed) / max(self.seconds, 0.1) * 60


class Went(Struct, frozen=True):
    """How a run went."""

    seed: int
    confinement: Confinement
    judged: int
    kept: int
    anew: int
    gone: tuple[str, ...]
    torn: int
    seconds: float


def summary(results: Sequence[Result], intake: Intake, out: Path, went: Went) -> Summary:
    """Count what there is."""

    def count(status: Status) -> int:
        return sum(result.status is status for result in results)

    found = sorted(results, key=lambda result: (result.learner, result.item))
    return Summary(
        output=str(out),
        learners=len(intake.learners),
        nothing_from=tuple(sorted({*intake.learners} - {result.learner for result in results})),
        graded=count(Status.GRADED),
        unreadable=count(Status.UNREADABLE),
        failed=count(Status.FAILED),
        duplicates=sum(result.same_as is not None for result in results),
        items=tuple(_item(id_, [r for r in results if r.item == id_]) for id_ in intake.items),
        problems=tuple(NotGraded(r.learner, r.item, r.status, r.problem) for r in found if r.problem),
        left_out=intake.left_out,
        **asdict(went),
    )


def _item(id_: str, results: Sequence[Result]) -> ItemSummary:
    scores = [result.score for result in results if result.status is not Status.FAILED]
    mean = sum(scores) / len(scores) if scores else None
    return ItemSummary(id_, len(results), mean, max(result.max_score for result in results))
