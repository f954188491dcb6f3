"""The place for which Python cannot read a function, so that no hint about the function helps."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judge import sentences
from grader.judge.report import Report, TestResult


def unread_place(report: Report, results: Sequence[TestResult]) -> str | None:
    """Return where Python cannot read the function of these results, such as "line 3 of my.py", or None."""
    for stop in report.stopped if results else ():
        if all(each.message.startswith(sentences.left_out(each.function, stop.place)) for each in results):
            return stop.place
    return None
