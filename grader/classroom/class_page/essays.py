"""The essays of the class, to be read and marked."""

from __future__ import annotations

from grader.classroom.class_page.markup import folded, joined, paragraph, table
from grader.classroom.class_report import ClassReport, Essay
from grader.judge.verdict import count

_ABOUT = (
    "Give points in the table of `course export essays` or with `marks` in class.yaml, then grade again. "
    "The scores here have them only after that."
)


def essays(report: ClassReport) -> str:
    """Return a folded table for each essay."""
    if not report.essays:
        return ""
    return joined(paragraph(_ABOUT), *map(_essay, report.essays))


def _essay(essay: Essay) -> str:
    name = f"{essay.question} ({essay.points:g} points)"
    criteria = f"What earns points: {'; '.join(essay.criteria)}" if essay.criteria else ""
    rows = [(each.learner, each.text, each.points) for each in essay.answers]
    return folded(
        f"{name}: {count(len(rows), 'answer')}",
        joined(
            paragraph(essay.prompt),
            paragraph(criteria) if criteria else "",
            table(f"Answers to {name}", ("learner", "answer", "points"), rows, {"points"}),
        ),
    )
