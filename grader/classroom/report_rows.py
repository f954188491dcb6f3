"""A class report as rows with one figure each, for spreadsheets and data frames."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.class_report import ClassReport, ClassTable, Work
from grader.classroom.item_analysis import Item
from grader.files import Cell

HEADER = ("work", "part", "id", "figure", "value")
Row = tuple[Cell, ...]


def rows(report: ClassReport) -> Iterator[Row]:
    """Yield a header and one row per figure; figures that cannot be computed are left out."""
    yield HEADER
    for row in _rows(report):
        if row[-1] is not None:
            yield row


def _rows(report: ClassReport) -> Iterator[Row]:
    yield "", "class", "", "learners", report.learners
    for work in report.works:
        yield from _work(work)
    for idea in report.misconceptions:
        yield "", "misconception", idea.id, "learners", idea.learners
        yield "", "misconception", idea.id, "learners who took the work", idea.took
        yield "", "misconception", idea.id, "learners in quizzes", idea.in_quizzes
        yield "", "misconception", idea.id, "learners in code", idea.in_code
    for place, each in enumerate(report.needs_help, 1):
        yield "", "learner", each.learner, "place among those who need help", place
        yield "", "learner", each.learner, "misconceptions", len(each.misconceptions)
    yield from _table(report.table)
    for answers in report.own_code:
        figures = {"functions that pass": answers.passed, "questions about own code": answers.asked}
        figures |= {"right answers about own code": answers.right}
        for name, figure in figures.items():
            yield answers.work, "learner", answers.learner, name, figure
        yield answers.work, "learner", answers.learner, "right answers, from", answers.low
        yield answers.work, "learner", answers.learner, "right answers, to", answers.high
    for essay in report.essays:
        for written in essay.answers:
            yield essay.work, "learner", written.learner, f"points for {essay.question}", written.points
    for note in report.file_notes:
        yield note.item, "note on files", note.learner, note.note, 1
    for same in report.same:
        for learner in same.learners:
            yield same.work, "same code", learner, "learners with it", len(same.learners)
    for group in report.alike_groups:
        for learner in group.learners:
            yield group.work, "nearly the same code", learner, "learners with it", len(group.learners)
    for pair in report.alike or ():
        yield pair.work, "alike code", f"{pair.one} | {pair.other}", "share", pair.share


def _table(table: ClassTable) -> Iterator[Row]:
    for row in table.rows:
        yield "", "learner", row.learner, "share of the points", row.share
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.points:
                yield (
                    column.work,
                    "learner",
                    row.learner,
                    f"points for {column.function or 'all'}",
                    cell.score,
                )


def _work(work: Work) -> Iterator[Row]:
    shares = work.shares
    figures: dict[str, float | None] = {
        "graded": work.graded,
        "unreadable": work.unreadable,
        "failed": work.failed,
        "missing": work.missing,
        "given by class.yaml": work.given,
        "points": work.points,
        "mean share": shares.mean,
        "median share": shares.median,
        "standard deviation of shares": shares.sd,
        "alpha": work.alpha.value,
    }
    for name, value in figures.items():
        yield work.id, work.kind, work.id, name, value
    for tenth, count in enumerate(shares.bins):
        yield work.id, work.kind, work.id, f"learners from {tenth * 10} %", count
    for function in work.functions:
        yield from _item(work.id, "function", function)
    for item in work.items:
        yield from _item(work.id, "question" if work.kind == "quiz" else "test", item)
    for outcome in work.outcomes:
        yield work.id, "outcome", outcome.outcome.value, "tests", outcome.tests
        yield work.id, "outcome", outcome.outcome.value, "learners", outcome.learners
    for asked in work.answers:
        for answer in asked.answers:
            yield work.id, "answer", f"{asked.question}: {answer.answer or ''}", "learners", answer.learners


def _item(work: str, part: str, item: Item) -> Iterator[Row]:
    yield work, part, item.id, "learners", item.count
    yield work, part, item.id, "learners with all points", item.full
    yield work, part, item.id, "difficulty", item.difficulty
    yield work, part, item.id, "discrimination", item.discrimination.value
    yield work, part, item.id, "discrimination, from", item.discrimination.low
    yield work, part, item.id, "discrimination, to", item.discrimination.high
