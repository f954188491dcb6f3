"""The table of learners × functions, which shows at a glance who has what right."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from grader.classroom.at_risk import misconceptions, most_points, share_of_points
from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import Cell, CellKind, ClassTable, Column, Row, Work
from grader.classroom.not_run import is_blank, is_undefined, unread_line
from grader.classroom.results import Result, Status
from grader.judge.report import Outcome, Report, TestResult

_KIND_OF = {
    Status.UNREADABLE: CellKind.UNREADABLE,
    Status.FAILED: CellKind.FAILED,
    Status.GIVEN: CellKind.GIVEN,
}
_JUDGED = (CellKind.RIGHT, CellKind.PARTLY, CellKind.WRONG)


class Order(StrEnum):
    """The order of the learners."""

    TOTAL = "total"  # the lowest first
    NAME = "name"


def class_table(
    results: Sequence[Result],
    learners: Iterable[str],
    works: Sequence[Work],
    catalogue: Catalogue,
    order: Order = Order.TOTAL,
) -> ClassTable:
    """Return the table, with a column per function of each exercise and per quiz."""
    own: defaultdict[str, dict[str, Result]] = defaultdict(dict)
    for result in results:
        own[result.learner][result.item] = result
    best = most_points(results)
    columns = [column for work in works for column in _columns(work, results, catalogue)]
    rows = [
        Row(
            learner=learner,
            share=share_of_points(own[learner], best),
            cells=tuple(_cell(own[learner].get(work), function) for work, function in columns),
        )
        for learner in learners
    ]
    by_total = order is Order.TOTAL
    rows.sort(key=lambda row: (math.inf if row.share is None else row.share) if by_total else 0.0)
    return ClassTable(
        columns=tuple(_described(column, rows, place) for place, column in enumerate(columns)),
        rows=tuple(rows),
    )


def _columns(work: Work, results: Iterable[Result], catalogue: Catalogue) -> list[tuple[str, str | None]]:
    """Return the functions of an exercise in the course's order; only itself if there are none."""
    reports = [r.report for r in results if r.item == work.id and r.report is not None]
    tested = {test.function for report in reports for test in report.tests if test.points > 0}
    known = [name for name in catalogue.functions(work.id) if name in tested or not reports]
    names = [*known, *sorted(tested.difference(known))]
    return [(work.id, name) for name in names] or [(work.id, None)]


def _described(column: tuple[str, str | None], rows: Sequence[Row], place: int) -> Column:
    cells = [row.cells[place] for row in rows]
    return Column(
        work=column[0],
        function=column[1],
        points=max((cell.points for cell in cells), default=0.0),
        right=sum(cell.kind is CellKind.RIGHT for cell in cells),
        judged=sum(cell.kind in _JUDGED for cell in cells),
    )


def _cell(result: Result | None, function: str | None) -> Cell:
    if result is None:
        return Cell(kind=CellKind.MISSING)
    if result.excused:
        return Cell(kind=CellKind.EXCUSED)
    if result.status in _KIND_OF:
        return Cell(kind=_KIND_OF[result.status])
    if result.report is None or function is None:
        ideas = tuple(sorted(misconceptions(result)))
        return Cell(
            kind=_kind(result.raw, result.max_score),
            score=result.raw,
            points=result.max_score,
            ideas=ideas,
        )
    return _function_cell(result.report, function)


def _function_cell(report: Report, function: str) -> Cell:
    tests = [test for test in report.tests if test.function == function and test.points > 0]
    score, points = math.fsum(t.score for t in tests), math.fsum(t.points for t in tests)
    ids = {test.id for test in tests}
    ideas = {mistake.misconception for mistake in report.mistakes if ids.intersection(mistake.tests)}
    return Cell(
        kind=_kind(score, points),
        score=score,
        points=points,
        ideas=tuple(sorted(ideas)),
        outcome=_outcome(tests),
        is_blank=is_blank(tests),
        is_undefined=is_undefined(tests),
        unread=unread_line(report, tests),
    )


def _kind(score: float, points: float) -> CellKind:
    if score >= points:
        return CellKind.RIGHT
    return CellKind.PARTLY if score > 0 else CellKind.WRONG


def _outcome(tests: Iterable[TestResult]) -> Outcome | None:
    outcomes = {test.outcome for test in tests} - {Outcome.PASSED}
    return outcomes.pop() if len(outcomes) == 1 else None


# --- words ---


def short_name(misconception: str) -> str:
    """Return the id of a misconception as words."""
    return misconception.replace("-", " ")


def cell_words(cell: Cell) -> tuple[str, str]:
    """Return the words of a cell, and a reason, which may be empty."""
    if cell.kind not in _JUDGED:
        return cell.kind.value, ""
    result = "right" if cell.kind is CellKind.RIGHT else f"{cell.score:g} of {cell.points:g}"
    if len(cell.ideas) == 1:
        return result, f"wrong idea: {short_name(cell.ideas[0])}"
    if cell.ideas:
        return result, f"{len(cell.ideas)} wrong ideas"
    if cell.is_blank:
        return result, "blank"
    if cell.is_undefined:
        return result, "not defined"
    if cell.unread is not None:
        return result, f"Python cannot read {cell.unread}"
    if cell.outcome in (None, Outcome.FAILED):
        return result, ""
    return result, cell.outcome.value.replace("_", " ")
