"""Find out the points of an exercise by judging its starter."""

from __future__ import annotations

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import Judge, default_seed
from grader.judge.report import Outcome, Report
from grader.judge.submission import read_submission


def starter_report(judge: Judge, course: Course, exercise_id: str) -> Report:
    """Judge the starter. It scores nothing, but its report lists every test with its points.

    Raises CourseError if a test is broken, because its points are then unknown.
    """
    starter = read_submission(course.exercise_dir(exercise_id) / "starter.py")
    report = judge.check(course, exercise_id, starter, default_seed(course, exercise_id))
    broken = [result.id for result in report.tests if result.outcome is Outcome.JUDGE_BROKEN]
    if broken:
        raise CourseError(
            f"{exercise_id}: the test {broken[0]} is broken, so its points are not known — "
            "run `course validate`, and fix it"
        )
    return report
