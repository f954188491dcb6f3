"""Right functions get all points, whatever else the file holds and wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from extras import DOUBLE, ENDLESS, EXTRAS, FIRST, IMPORTS, as_file, as_notebook, pieces
from hypothesis import HealthCheck, given, settings
from small import write_small_course

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import Limits
from grader.judge.submission import parse_submission

LIMITS = Limits(statement=0.3)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(write_small_course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def test_there_are_many_extras() -> None:
    assert len({*EXTRAS, *ENDLESS}) >= 50


@pytest.mark.parametrize("kind", ["py", "ipynb"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=pieces([*EXTRAS, *ENDLESS]))
def test_extras_between_the_functions_change_no_score(
    course: Course, judge: Judge, kind: str, parts: list[str]
) -> None:
    assert_full_score(course, judge, kind, parts)


def assert_full_score(course: Course, judge: Judge, kind: str, parts: list[str]) -> None:
    raw = as_file(parts) if kind == "py" else as_notebook(parts)
    submission = parse_submission(raw, Path(f"exercise_x.{kind}"))
    report = judge.check(course, "exercise-x", submission, seed=1, limits=LIMITS)
    assert (report.score, report.max_score) == (4.0, 4.0), report


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["py", "ipynb"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("extra", [*EXTRAS, *ENDLESS])
def test_each_extra_at_each_place(course: Course, judge: Judge, kind: str, place: int, extra: str) -> None:
    parts = [IMPORTS, DOUBLE, FIRST]
    parts.insert(place, extra)
    assert_full_score(course, judge, kind, parts)
