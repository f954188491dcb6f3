"""Who passes the tests, and what they answered about their own code."""

from __future__ import annotations

from grader.classroom.class_page.markup import PAGE, folded, joined, paragraph, table
from grader.classroom.class_report import ClassReport, OwnCodeAnswers

_ABOUT = (
    "Each of these learners was asked about code of their own that passes its tests. The answers give no "
    "points. A wrong one is a reason to talk about the code, no more: learners forget, and a few questions "
    "tell little. The interval says how little."
)
_HEADER = ("learner", "exercise", "passes", "answered", "95% interval")


def own_code(report: ClassReport) -> str:
    """Return the table, in pages of 50 rows. All but the first are folded."""
    rows = [_cells(each) for each in report.own_code]
    pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
    if not pages:
        return ""
    caption = "Passes, and answered about the code"
    return joined(
        paragraph(_ABOUT),
        table(caption, _HEADER, pages[0]),
        *(
            folded(part, table(part, _HEADER, page))
            for number, page in enumerate(pages[1:], 2)
            for part in [f"{caption}, part {number}"]
        ),
    )


def _cells(answers: OwnCodeAnswers) -> tuple[str, ...]:
    """Return one row, in words."""
    return (
        answers.learner,
        answers.work,
        f"{answers.passed} of {answers.functions} functions",
        f"{answers.right} of {answers.asked}",
        f"{answers.low:.0%} to {answers.high:.0%}",
    )
