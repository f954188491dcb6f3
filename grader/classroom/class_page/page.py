"""A class report as one self-contained HTML page without JavaScript: first what to act on."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from grader.classroom.class_page.essays import essays
from grader.classroom.class_page.ideas import groups, misconceptions
from grader.classroom.class_page.items import distributions, items
from grader.classroom.class_page.learners import class_table, needs_help
from grader.classroom.class_page.markup import PAGE, folded, paragraph, section, table
from grader.classroom.class_page.own_code import own_code
from grader.classroom.class_page.similar import similar_code
from grader.classroom.class_page.style import STYLE
from grader.classroom.class_report import ClassReport
from grader.classroom.legible import legible
from grader.classroom.report_notes import notes
from grader.classroom.results import FileNote
from grader.judge.verdict import count

MAX_WORKS_IN_TITLE = 3
FIRST_NOTES = 8


def page(report: ClassReport) -> str:
    """Return the whole page."""
    title = _title(report)
    parts = [
        ("learners", "Learners and functions", class_table(report)),
        ("help", "Who needs help", needs_help(report)),
        ("own-code", "Passes, and answered about the code", own_code(report)),
        ("essays", "Essays", essays(report)),
        ("misconceptions", "Misconceptions", misconceptions(report)),
        ("groups", "Unexplained wrong answers", groups(report)),
        ("items", "Functions, questions and tests", items(report)),
        ("distributions", "Distribution of points", distributions(report)),
        ("alike", "Similar code", similar_code(report)),
        ("files", "Notes on files", _file_notes(report.file_notes)),
    ]
    shown = [(name, heading, section(name, heading, part)) for name, heading, part in parts if part]
    content = "\n".join(
        [
            f"<h1>{escape(title)}</h1>",
            paragraph(_lead(report)),
            *map(paragraph, notes(report)),
            _contents([(name, heading) for name, heading, _ in shown]),
            *(part for _, _, part in shown),
        ]
    )
    return legible(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{content}\n</main></body></html>\n"
    )


def _title(report: ClassReport) -> str:
    """Name the report after the work in it, if that fits on a line."""
    titles = [work.title for work in report.works]
    if not 0 < len(titles) <= MAX_WORKS_IN_TITLE:
        titles = [f"{len(titles)} exercises and quizzes"]
    return f"Class report: {', '.join(titles)}"


def _lead(report: ClassReport) -> str:
    """Sum up the class in one line."""
    mean = report.shares.mean
    average = "" if mean is None else f" On average, they have {mean:.0%} of the points."
    help_ = len(report.needs_help)
    needing = f" {help_} may need help." if help_ else " Nobody seems to need help."
    return f"{count(report.learners, 'learner')}.{average}{needing}"


def _contents(sections: Iterable[tuple[str, str]]) -> str:
    links = "".join(f'<li><a href="#{name}">{escape(heading)}</a></li>' for name, heading in sections)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _file_notes(notes: tuple[FileNote, ...]) -> str:
    if not notes:
        return ""
    rows = [(each.learner, each.item, each.note) for each in notes]
    pages = [rows[:FIRST_NOTES]]
    pages += [rows[start : start + PAGE] for start in range(FIRST_NOTES, len(rows), PAGE)]
    header = ("learner", "exercise", "note")
    first, *more = (table("How files were chosen and read", header, each) for each in pages)
    return first + "".join(folded("More notes", each) for each in more)
