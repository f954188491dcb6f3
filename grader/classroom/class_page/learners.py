"""The table of learners × functions, and the learners who may need help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from grader.classroom.class_page.markup import PAGE, folded, joined, paragraph, percent, scrolled, table
from grader.classroom.class_report import Cell, CellKind, ClassReport, ClassTable, Column, NeedsHelp, Row
from grader.classroom.class_table import cell_words, short_name

FIRST_HELP = 10  # learners that are listed before the folded tables
MOST_IDEAS = 3
_CLASSES = {CellKind.RIGHT: "right", CellKind.PARTLY: "partly", CellKind.WRONG: "wrong"}


def class_table(report: ClassReport) -> str:
    """Return the table, in pages of 50 learners. All but the first are folded."""
    rows = report.table.rows
    if not rows or not report.table.columns:
        return ""
    parts = []
    for start in range(0, len(rows), PAGE):
        page = rows[start : start + PAGE]
        label = _label(page, start)
        shown = scrolled(label, _table(report.table, page, label), "class")
        parts.append(folded(label, shown) if start else shown)
    return joined(*parts)


def _label(rows: Sequence[Row], start: int) -> str:
    ends = " to ".join(f"{row.learner} ({percent(row.share)})" for row in dict.fromkeys((rows[0], rows[-1])))
    return f"Learners {start + 1} to {start + len(rows)}: {ends}"


def _table(shown: ClassTable, rows: Sequence[Row], label: str) -> str:
    groups = "".join(
        f'<th scope="colgroup" colspan="{len(list(own))}">{escape(work)}</th>'
        for work, own in groupby(shown.columns, key=lambda column: column.work)
    )
    heads = "".join(f'<th scope="col">{_head(column)}</th>' for column in shown.columns)
    body = "".join(
        f'<tr><th scope="row" class="name">{escape(row.learner)}</th>'
        f'<td class="number">{percent(row.share)}</td>{"".join(map(_cell, row.cells))}</tr>'
        for row in rows
    )
    return (
        f'<table aria-label="{escape(label)}"><thead>'
        f'<tr><th scope="col" rowspan="2" class="name">learner</th>'
        f'<th scope="col" rowspan="2" class="number">total</th>{groups}</tr><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _head(column: Column) -> str:
    name = f"<code>{escape(column.function)}</code>" if column.function else "all"
    return f'{name}<small class="quiet">{column.right} of {column.judged} right</small>'


def _cell(cell: Cell) -> str:
    result, reason = cell_words(cell)
    small = f"<small>{escape(reason)}</small>" if reason else ""
    return f'<td class="{_CLASSES.get(cell.kind, "none")}">{escape(result)}{small}</td>'


def needs_help(report: ClassReport) -> str:
    """Return the learners who may need help. All but the first 10 are folded."""
    listed = report.needs_help
    if not listed:
        return ""
    return joined(
        paragraph("Missing and unreadable work comes first, then the lowest total."),
        *_help_tables(listed),
    )


def _help_tables(listed: Sequence[NeedsHelp]) -> Iterator[str]:
    yield _help_table("Learners who may need help", listed[:FIRST_HELP])
    for start in range(FIRST_HELP, len(listed), PAGE):
        page = listed[start : start + PAGE]
        label = f"Learners {start + 1} to {start + len(page)} who may need help"
        yield folded(label, _help_table(label, page))


def _help_table(caption: str, listed: Sequence[NeedsHelp]) -> str:
    rows = [
        (
            each.learner,
            percent(each.share),
            "; ".join(each.reasons),
            _ideas(each.misconceptions),
        )
        for each in listed
    ]
    return table(caption, ("learner", "total", "why", "wrong ideas"), rows, {"total"})


def _ideas(misconceptions: Sequence[str]) -> str:
    more = len(misconceptions) - MOST_IDEAS
    names = ", ".join(map(short_name, misconceptions[:MOST_IDEAS]))
    return f"{names} and {more} more" if more > 0 else names
