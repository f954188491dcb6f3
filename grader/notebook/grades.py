"""Turn a gradebook into scores by learner, exercise, function and question, and into rows of CSV.

`grader.notebook.read_gradebook` reads nbgrader's database; this module does not know it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from grader.content.notebook_cells import TEST
from grader.files import Cell
from grader.notebook.grading import exercise_of, question_of


class GradeState(StrEnum):
    """The state of the grading of a cell, or of several cells."""

    GRADED = "graded"
    BY_HAND = "by_hand"  # waits for manual grading
    NOT_GRADED = "not_graded"  # handed in, but autograding failed or has not run
    NOT_SUBMITTED = "not_submitted"


class Kind(StrEnum):
    """The kind of item that a score is for."""

    TOTAL = "total"  # an assignment
    EXERCISE = "exercise"  # all functions of an exercise
    FUNCTION = "function"
    QUESTION = "question"
    CELL = "cell"  # a graded cell that is not part of the course


# --- the content of a gradebook ---


class ClassMember(Struct, frozen=True):
    """A learner in the gradebook."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""


class GradedCell(Struct, frozen=True):
    """A released cell with points."""

    notebook: str
    name: str
    max_score: float
    automatic: bool = True  # True if `nbgrader autograde` grades it


class CellGrade(Struct, frozen=True):
    """The grade of one learner's cell; `score` is as nbgrader counts it."""

    score: float
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = False


class GradedSubmission(Struct, frozen=True):
    """The grades of one learner's submission; `score` and `late_penalty` are nbgrader's sums."""

    score: float
    late_penalty: float
    submitted: str  # time in UTC
    grades: Mapping[tuple[str, str], CellGrade]  # by notebook and cell


class Record(Struct, frozen=True):
    """An assignment in a gradebook."""

    name: str
    due: str
    max_score: float
    cells: tuple[GradedCell, ...]
    submissions: Mapping[str, GradedSubmission]  # by learner
    notebooks: Mapping[str, frozenset[str]] = {}  # the grade ids of all cells, by notebook


# --- scores ---


class Score(Struct, frozen=True, kw_only=True):
    """A learner's score for one item; None if nothing of it has been graded."""

    kind: Kind
    notebook: str
    exercise: str | None
    item: str
    status: GradeState
    score: float | None
    max_score: float
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None


class AssignmentResult(Struct, frozen=True, kw_only=True):
    """A learner's scores for an assignment.

    `raw_score` is before the late penalty. Both scores count what has been graded
    so far. They are None if nothing has been graded, where nbgrader exports 0.0.
    `other_names` are the files of notebooks that were submitted under another name.
    `unreadable` are the notebooks that cannot be read, with the reason.
    """

    learner: ClassMember
    submitted: str
    status: GradeState
    raw_score: float | None
    late_penalty: float
    score: float | None
    max_score: float
    scores: tuple[Score, ...]
    other_names: Mapping[str, str] = {}  # by notebook
    unreadable: Mapping[str, str] = {}  # by notebook

    def of(self, *kinds: Kind) -> tuple[Score, ...]:
        """Return the scores of these kinds."""
        return tuple(score for score in self.scores if score.kind in kinds)


class Assignment(Struct, frozen=True):
    """An assignment with the results of all learners."""

    name: str
    due: str
    max_score: float
    results: tuple[AssignmentResult, ...]


Files = Mapping[str, str]  # notebook -> name of the file that holds it
HandedIn = Mapping[str, Mapping[str, Files]]  # assignment -> learner -> files


def assignments(
    records: Iterable[Record], learners: Iterable[ClassMember], handed_in: HandedIn | None = None
) -> tuple[Assignment, ...]:
    """Return the scores of all learners, sorted by name.

    `handed_in` are the files in the directory of submissions. The gradebook alone
    does not list submissions that were never graded, and gives 0 points both to a
    missing notebook and to one in which nothing is right.
    """
    handed_in = handed_in or {}
    known = {learner.id: learner for learner in learners}
    for files in handed_in.values():
        known |= {learner: ClassMember(learner) for learner in files if learner not in known}
    ordered = sorted(known.values(), key=lambda each: (each.last_name, each.first_name, each.id))
    return tuple(
        _assignment(record, ordered, handed_in.get(record.name, {}))
        for record in sorted(records, key=lambda record: _natural(record.name))
    )


def _assignment(record: Record, learners: Sequence[ClassMember], files: Mapping[str, Files]) -> Assignment:
    places = [_NamedCell(cell, *_named(cell.name)) for cell in record.cells]
    places.sort(key=lambda place: place.order)
    results = tuple(_result(record, places, learner, files.get(learner.id)) for learner in learners)
    return Assignment(record.name, record.due, record.max_score, results)


class _NamedCell(Struct, frozen=True):
    """A cell and the item that it grades."""

    cell: GradedCell
    kind: Kind
    exercise: str | None
    item: str

    @property
    def order(self) -> tuple[Any, ...]:
        """The sort key by notebook and exercise; the gradebook does not store the order of cells."""
        return _natural(self.cell.notebook), _natural(self.exercise or ""), _natural(self.cell.name)


def _result(
    record: Record, places: Sequence[_NamedCell], learner: ClassMember, files: Files | None
) -> AssignmentResult:
    submission = record.submissions.get(learner.id)
    single = _failed_as_a_whole([_score(place, submission, files) for place in places])
    status = _worst(score.status for score in single)
    if not single:
        status = GradeState.NOT_SUBMITTED if submission is None else GradeState.GRADED
    raw = None if submission is None or _nothing(single) else submission.score
    penalty = 0.0 if submission is None else submission.late_penalty
    return AssignmentResult(
        learner=learner,
        submitted="" if submission is None else submission.submitted,
        status=status,
        raw_score=raw,
        late_penalty=penalty,
        score=None if raw is None else max(0.0, raw - penalty),  # as nbgrader exports it
        max_score=record.max_score,
        scores=tuple(_with_exercises(single)),
        other_names={
            notebook: file
            for notebook, file in sorted((files or {}).items())
            if notebook in record.notebooks and file != f"{notebook}.ipynb"
        },
    )


def _score(place: _NamedCell, submission: GradedSubmission | None, files: Files | None) -> Score:
    cell = place.cell
    grade = None if submission is None else submission.grades.get((cell.notebook, cell.name))
    status = _status(cell, submission, grade, files)
    counts = grade is not None and status is not GradeState.NOT_SUBMITTED and _is_graded(grade)
    return Score(
        kind=place.kind,
        notebook=cell.notebook,
        exercise=place.exercise,
        item=place.item,
        status=status,
        score=grade.score if grade is not None and counts else None,
        max_score=cell.max_score,
        auto_score=None if grade is None else grade.auto_score,
        manual_score=None if grade is None else grade.manual_score,
        extra_credit=None if grade is None else grade.extra_credit,
    )


def _failed_as_a_whole(single: list[Score]) -> list[Score]:
    """Mark manually graded cells as not graded if autograding failed: their notebook cannot be opened."""
    failed = {score.notebook for score in single if score.status is GradeState.NOT_GRADED}
    return [
        replace(score, status=GradeState.NOT_GRADED)
        if score.score is None and score.status is GradeState.BY_HAND and score.notebook in failed
        else score
        for score in single
    ]


def _status(
    cell: GradedCell,
    submission: GradedSubmission | None,
    grade: CellGrade | None,
    files: Files | None,
) -> GradeState:
    missing = files is not None and cell.notebook not in files
    if submission is None:
        return GradeState.NOT_SUBMITTED if files is None or missing else GradeState.NOT_GRADED
    if grade is None:
        return GradeState.NOT_SUBMITTED if missing else GradeState.NOT_GRADED
    if missing and not grade.score and grade.manual_score is None:
        return GradeState.NOT_SUBMITTED
    if _is_graded(grade):
        return GradeState.BY_HAND if grade.needs_manual_grade else GradeState.GRADED
    return GradeState.NOT_GRADED if cell.automatic else GradeState.BY_HAND


def _is_graded(grade: CellGrade) -> bool:
    return grade.auto_score is not None or grade.manual_score is not None


def _nothing(scores: Sequence[Score]) -> bool:
    """Return True if there are scores, and all of them are None."""
    return bool(scores) and all(score.score is None for score in scores)


def _named(cell: str) -> tuple[Kind, str | None, str]:
    """Return the item that a cell grades: kind, exercise, and name of the function, question or cell."""
    named = exercise_of(cell)
    if named is not None:
        return Kind.FUNCTION, *named
    if cell.endswith(TEST):
        return Kind.QUESTION, None, question_of(cell)
    return Kind.CELL, None, cell


def _with_exercises(single: Iterable[Score]) -> Iterator[Score]:
    """Yield the scores, each exercise before its functions."""
    for (notebook, exercise), group in groupby(single, key=lambda score: (score.notebook, score.exercise)):
        scores = tuple(group)
        if exercise is not None:
            yield summed(Kind.EXERCISE, notebook, exercise, exercise, scores)
        yield from scores


def summed(kind: Kind, notebook: str, exercise: str | None, item: str, scores: Sequence[Score]) -> Score:
    """Return the sum of several scores."""
    return Score(
        kind=kind,
        notebook=notebook,
        exercise=exercise,
        item=item,
        status=_worst(score.status for score in scores),
        score=None if _nothing(scores) else math.fsum(score.score or 0.0 for score in scores),
        max_score=math.fsum(score.max_score for score in scores),
    )


def _worst(each: Iterable[GradeState]) -> GradeState:
    """Return the state of several items together: an open state, if there is one."""
    states = {*each}
    for status in (GradeState.NOT_GRADED, GradeState.BY_HAND, GradeState.GRADED):
        if status in states:
            return status
    return GradeState.NOT_SUBMITTED


def _natural(name: str) -> tuple[list[Any], str]:
    """Return a sort key that puts q2 before q10."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", name)], name


# --- the class ---


class ScoreSummary(Struct, frozen=True, kw_only=True):
    """The scores of the class for one item; the mean is over learners with a score."""

    item: str
    max_score: float
    mean: float | None
    graded: int
    full: int  # learners with all points
    open: int  # learners who are not graded, or wait for manual grading
    not_submitted: int


def summaries(assignment: Assignment, kind: Kind) -> tuple[ScoreSummary, ...]:
    """Return a summary of each exercise, function or question of an assignment."""
    by_item: dict[tuple[str, str | None, str], list[Score]] = {}
    for result in assignment.results:
        for score in result.of(kind):
            by_item.setdefault((score.notebook, score.exercise, score.item), []).append(score)
    return tuple(
        _summary(f"{exercise}: {item}" if kind is Kind.FUNCTION else item, scores)
        for (_, exercise, item), scores in by_item.items()
    )


def _summary(item: str, scores: Sequence[Score]) -> ScoreSummary:
    values = [score.score for score in scores if score.score is not None]
    best = scores[0].max_score
    return ScoreSummary(
        item=item,
        max_score=best,
        mean=math.fsum(values) / len(values) if values else None,
        graded=len(values),
        full=sum(value >= best for value in values),
        open=sum(score.status in (GradeState.BY_HAND, GradeState.NOT_GRADED) for score in scores),
        not_submitted=sum(score.status is GradeState.NOT_SUBMITTED for score in scores),
    )


# --- CSV ---

COLUMNS = (
    *("assignment", "learner", "last_name", "first_name", "email", "submitted"),
    *("kind", "notebook", "exercise", "item", "status", "score", "max_score"),
    *("raw_score", "late_penalty", "auto_score", "manual_score", "extra_credit"),
    "file",  # of a notebook that was submitted under another name
    "problem",  # of a notebook that cannot be read
)


def csv_rows(assignments: Iterable[Assignment]) -> Iterator[Sequence[Cell]]:
    """Yield the header, then one row per learner and item. Numbers are exact."""
    yield COLUMNS
    for assignment in assignments:
        for result in assignment.results:
            yield from _lines(assignment, result)


def _lines(assignment: Assignment, result: AssignmentResult) -> Iterator[list[Cell]]:
    """Yield the values of COLUMNS for the total and for each item."""
    learner = result.learner
    texts = (assignment.name, learner.id, learner.last_name, learner.first_name, learner.email)
    about = [*texts, result.submitted]
    yield [
        *(*about, Kind.TOTAL.value, None, None, assignment.name, result.status.value),
        *(result.score, result.max_score, result.raw_score, result.late_penalty, None, None, None, None),
    ]
    for each in result.scores:
        yield [
            *(
                *about,
                each.kind.value,
                *(each.notebook, each.exercise or "", each.item),
                each.status.value,
            ),
            *(each.score, each.max_score, None, None),
            *(each.auto_score, each.manual_score, each.extra_credit),
            result.other_names.get(each.notebook),
            result.unreadable.get(each.notebook),
        ]
