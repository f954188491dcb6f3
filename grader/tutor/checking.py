"""One check of a learner's code, the same for every way to ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.content.course import Course
from grader.judge.client.judge import default_seed
from grader.judge.jobs import OnFigure
from grader.judge.report import Report, TestResult
from grader.judge.submission import Submission

if TYPE_CHECKING:
    from grader.judge.client.resident import Checks


def check_submission(
    checks: Checks,
    course: Course,
    exercise_id: str,
    submission: Submission,
    *,
    seed: int | None = None,
    on_total: Callable[[int], None] = lambda total: None,
    on_test: Callable[[TestResult], None] = lambda result: None,
    on_figure: OnFigure | None = None,
) -> Report:
    """Judge a submission; default: with the seed of a learner's own checks. Raises as `Checks.check` does."""
    used = default_seed(course, exercise_id) if seed is None else seed
    report = checks.check(exercise_id, submission, used, on_total, on_test, on_figure)
    return with_notes(report, submission)


def with_notes(report: Report, submission: Submission) -> Report:
    """Return the report with what there is to tell about the files."""
    return replace(report, notes=(*submission.notes, *report.notes))
