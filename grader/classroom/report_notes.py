"""The notes at the top of a class report: what is not in it, and how far to trust its figures."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.class_report import ClassReport
from grader.wording import first_of


def notes(report: ClassReport) -> Iterator[str]:
    """Yield the notes, the most important first."""
    if report.stopped is not None:
        yield f"{report.stopped[:1].upper()}{report.stopped[1:].rstrip('.')}."
    yield from (each.says for each in report.namesakes)
    if report.nothing_from:
        yield f"No gradable files from: {first_of(report.nothing_from)}."
    if report.absent:
        yield f"Absent, by class.yaml: {first_of(report.absent)}."
    yield from report.notes
