"""Who passes the tests, and what they answered about their own code."""

from __future__ import annotations

from grader.classroom.class_page.markup import PAGE, folded, joined, paragraph, table
from grader.classroom.class_report import ClassReport, OwnCodeAnswers

_ABOUT = (
    "Each of these learners was asked about code of their own that passes its tests. The answers give no "
    "points. A wrong one is a reason to talk about the code, no more: learners forget, and a few questions "
    "tell little. The interval says how little."
)
_HEADER = ("learner", "exercise", "passes", "answered", "95 % interval")


def own_code(report: ClassReport) -> str:
    """Return the table, in pages of 50 rows. All but the first are folded."""
    rows = [_cells(each) for each in report.own_code]
    pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
    captions = [f"Passes, and answered about the code, part {n}" for n in range(1, len(pages) + 1)]
    tables = [table(caption, _HEADER, each) for caption, each in zip(captions, pages, strict=True)]
    if not tables:
        return ""
    return joined(paragraph(_ABOUT), tables[0], *map(folded, captions[1:], tables[1:]))


def _cells(answers: OwnCodeAnswers) -> tuple[str, ...]:
    """Return one row, in words."""
    return (
        answers.learner,
        answers.work,
        f"{answers.passed} of {answers.functions} functions",
        f"{answers.right} of {answers.asked}",
        f"{answers.low:.0%} to {answers.high:.0%}",
    )
