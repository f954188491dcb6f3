"""A class report as a single HTML page without JavaScript, with a table for every chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from grader.classroom.class_report import ClassReport, QuestionAnswers, Work
from grader.classroom.item_analysis import Item, Statistic, bin_labels
from grader.classroom.pictures import Bar, bar_chart

_STYLE = """
:root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --rule: #767676; --bar: #2f6690; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececec; --page: #16181a; --rule: #9a9a9a; --bar: #7fb5dd; }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0;
  border-bottom: 1px solid var(--rule); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide, pre { overflow-x: auto; }
figure { margin: 1rem 0; }
svg { max-width: 40rem; width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--text); }
svg .bar { fill: var(--bar); }
svg .axis { stroke: var(--rule); }
@media print { section { break-inside: avoid-page; } }
"""
_WORDS = (
    "Difficulty is the mean share of an item's points: 1 if everybody has all of them. Discrimination is "
    "the correlation of an item with the rest of the points. Near 0 or below, the item does not separate "
    "stronger from weaker learners. Cronbach's alpha is the internal consistency of all items."
)

HOW_TO_ANSWER = (
    "Write one sentence for a group into feedback.yaml beside the results. `course export feedback` shows it "
    "to all its learners."
)
MAX_WORKS_IN_TITLE = 3

TableCell = str | float | None


def page(report: ClassReport) -> str:
    """Return the whole page."""
    title = _title(report)
    body = [
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(note)}</p>" for note in report.notes),
        _contents(report),
        _needs_help(report),
        _file_notes(report),
        *(_work(work, number) for number, work in enumerate(report.works)),
        _misconceptions(report),
        _groups(report),
        _alike(report),
    ]
    content = "\n".join(part for part in body if part)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{content}\n</main></body></html>\n"
    )


def _title(report: ClassReport) -> str:
    """Name the report after the work in it, if that fits on a line."""
    count = f"{report.learners} learner{'s' * (report.learners != 1)}"
    titles = [work.title for work in report.works]
    if not 0 < len(titles) <= MAX_WORKS_IN_TITLE:
        titles = [f"{len(titles)} exercises and quizzes"]
    return f"Class report: {', '.join(titles)} ({count})"


def _contents(report: ClassReport) -> str:
    links = ['<a href="#help">Learners who may need help</a>'] * bool(report.needs_help)
    links += ['<a href="#files">Notes on files</a>'] * bool(report.file_notes)
    links += [f'<a href="#work-{n}">{escape(work.id)}</a>' for n, work in enumerate(report.works)]
    links += ['<a href="#misconceptions">Misconceptions</a>'] * bool(report.misconceptions)
    links += ['<a href="#groups">Unexplained wrong answers</a>'] * bool(report.groups)
    links += ['<a href="#alike">Similar code</a>'] * bool(report.same or report.alike)
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>'


def _needs_help(report: ClassReport) -> str:
    if not report.needs_help:
        return ""
    rows = [
        (each.learner, _percent(each.share), "; ".join(each.reasons), ", ".join(each.misconceptions))
        for each in report.needs_help
    ]
    order = "Sorted by: missing or unreadable work, then lowest score, then number of misconceptions."
    shown = _table("Learners", ("learner", "points", "reasons", "misconceptions"), rows)
    return f'<section><h2 id="help">Learners who may need help</h2><p>{order}</p>{shown}</section>'


def _file_notes(report: ClassReport) -> str:
    if not report.file_notes:
        return ""
    rows = [(each.learner, each.item, each.note) for each in report.file_notes]
    shown = _table("How files were chosen and read", ("learner", "exercise", "note"), rows)
    return f'<section><h2 id="files">Notes on files</h2>{shown}</section>'


def _work(work: Work, number: int) -> str:
    parts = [f'<h2 id="work-{number}">{escape(work.title)}</h2>']
    counts = (
        (work.kind, work.id),
        ("graded", work.graded),
        ("unreadable (0 points)", work.unreadable),
        ("could not be graded on this machine", work.failed),
        ("missing", work.missing),
        ("points", work.points),
        ("mean share of the points", _percent(work.shares.mean)),
        ("median share", _percent(work.shares.median)),
        ("standard deviation", _percent(work.shares.sd)),
        ("Cronbach's alpha", _figure(work.alpha)),
    )
    parts.append(_table("Summary", ("figure", "value"), counts))
    if work.shares.count:
        parts.append(_histogram(work, number))
    if work.functions:
        parts.append(_items("function", work.functions, f"functions-{number}"))
    if work.items:
        parts.append(
            _items("question" if work.kind == "quiz" else "test", work.items, f"items-{number}")
            + f"<p>{_WORDS}</p>"
        )
    if work.outcomes:
        rows = [(o.outcome.value.replace("_", " "), o.tests, o.learners) for o in work.outcomes]
        parts.append(_table("Outcomes of tests", ("outcome", "tests", "learners"), rows))
    parts += [_answers(asked) for asked in work.answers]
    return f"<section>{''.join(parts)}</section>"


def _histogram(work: Work, number: int) -> str:
    bins = work.shares.bins
    labels = bin_labels(bins)
    most = max(bins)
    picture = bar_chart(
        f"shares-{number}",
        f"Distribution of points for {work.id}",
        f"Ten bars, one for each tenth of the points; the longest bar is {most} learners. "
        "The table after the chart has the numbers.",
        [Bar(label, count / most, str(count)) for label, count in zip(labels, bins, strict=True)],
    )
    rows = list(zip(labels, bins, strict=True))
    return picture + _table("Learners by share of the points", ("share", "learners"), rows)


def _items(kind: str, items: Sequence[Item], name: str) -> str:
    picture = bar_chart(
        name,
        f"Difficulty of each {kind}",
        f"One bar for each {kind}; its length is the mean share of the points. "
        "The table after the chart has the numbers.",
        [Bar(item.id, item.difficulty, f"{item.difficulty:.2f}") for item in items],
    )
    titled = any(item.title != item.id for item in items)
    header = [kind, *["title"] * titled, "learners", "all points", "difficulty", "discrimination"]
    rows: list[list[TableCell]] = [
        [i.id, *[i.title] * titled, i.count, i.full, f"{i.difficulty:.2f}", _figure(i.discrimination)]
        for i in items
    ]
    return picture + _table(f"Each {kind}", header, rows)


def _answers(asked: QuestionAnswers) -> str:
    rows = [
        (
            "" if each.answer in (None, "…", each.text) else each.answer,
            each.text,
            each.learners,
            "right" if each.correct else each.misconception or "",
        )
        for each in asked.answers
    ]
    caption = f"Answers to {asked.question}" + (" (several per learner)" if asked.several else "")
    return _table(caption, ("option", "answer", "learners", "right, or misconception"), rows)


def _misconceptions(report: ClassReport) -> str:
    if not report.misconceptions:
        return ""
    rows = [(m.belief, m.learners, m.in_quizzes, m.in_code, m.id) for m in report.misconceptions]
    header = ("misconception", "learners", "in quizzes", "in code", "id")
    shown = _table("Number of learners with each misconception", header, rows)
    return f'<section><h2 id="misconceptions">Misconceptions</h2>{shown}</section>'


def _groups(report: ClassReport) -> str:
    """Return the groups of wrong answers that no known mistake explains, with the code of an example."""
    if not report.groups:
        return ""
    rows = [
        (g.id, g.work, g.function, len(g.learners), g.learners[0], ", ".join(g.tests), g.says or "")
        for g in report.groups
    ]
    header = ("group", "exercise", "function", "learners", "example", "failed tests", "your sentence")
    shown = _table("Wrong answers that behave alike", header, rows)
    codes = "".join(
        f"<details><summary>Group {escape(g.id)}: {escape(g.function)} of {escape(g.learners[0])}</summary>"
        f'<pre tabindex="0">{escape(g.code)}</pre></details>'
        for g in report.groups
        if g.code
    )
    return (
        '<section><h2 id="groups">Unexplained wrong answers</h2><p>No known mistake explains these answers. '
        f"Learners in a group gave the same results in the same tests. {escape(HOW_TO_ANSWER)}</p>"
        f"{shown}{codes}</section>"
    )


def _alike(report: ClassReport) -> str:
    if not report.same and not report.alike:
        return ""
    parts = ['<h2 id="alike">Similar code</h2><p>This is a reason to look, not a proof.</p>']
    if report.same:
        rows = [(each.work, ", ".join(each.learners), _percent(each.share)) for each in report.same]
        caption = "Identical code; without points it is often the unchanged starter"
        parts.append(_table(caption, ("exercise", "learners", "points"), rows))
    if report.alike:
        pairs = [(pair.work, pair.one, pair.other, _percent(pair.share)) for pair in report.alike]
        caption = "Pairs, and the share of the shorter code that is in the other"
        parts.append(_table(caption, ("exercise", "one", "other", "share"), pairs))
    return f"<section>{''.join(parts)}</section>"


def _table(caption: str, header: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> str:
    """Return a table; the first cell of a row is its header, for screen readers."""
    rows = list(rows)
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    head = "".join(
        f'<th scope="col"{_class(numeric[i])}>{escape(name)}</th>' for i, name in enumerate(header)
    )
    body = ""
    for row in rows:
        first = f'<th scope="row">{_shown(row[0])}</th>'
        rest = "".join(f"<td{_class(numeric[i])}>{_shown(row[i])}</td>" for i in range(1, len(row)))
        body += f"<tr>{first}{rest}</tr>"
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _is_number(cell: TableCell) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and cell[:1].isdecimal() and len(cell) < 8)


def _class(number: bool) -> str:
    return ' class="number"' if number else ""


def _shown(cell: TableCell) -> str:
    return escape(f"{cell:g}" if isinstance(cell, float) else str(cell))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _figure(statistic: Statistic) -> str:
    return f"none ({statistic.why})" if statistic.value is None else f"{statistic.value:.2f}"
