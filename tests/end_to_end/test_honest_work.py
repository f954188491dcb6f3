"""Right functions get all points, whatever else the file holds and wherever it stands."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from extras import DOUBLE, ENDLESS, EXTRAS, FIRST, IMPORTS, as_file, as_notebook, pieces
from hypothesis import HealthCheck, given, settings
from judging import course_command
from small import write_small_course

from grader.content.course import Course
from grader.content.notebook_cells import read_cell
from grader.judge.client.judge import Judge
from grader.judge.client.starter import starter_report
from grader.judge.jobs import Limits
from grader.judge.submission import parse_submission

LIMITS = Limits(statement=0.3)
CLASS_SIZE = 8


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
@pytest.mark.parametrize("place", [1, 2])  # the property test above draws the others, too
@pytest.mark.parametrize("extra", [*EXTRAS, *ENDLESS])
def test_each_extra_at_each_place(course: Course, judge: Judge, kind: str, place: int, extra: str) -> None:
    parts = [IMPORTS, DOUBLE, FIRST]
    parts.insert(place, extra)
    assert_full_score(course, judge, kind, parts)


# --- every road ---


def parts_of(learner: int) -> list[str]:
    """Return the parts of a learner's file. All learners together have every extra."""
    parts = [IMPORTS, DOUBLE, FIRST]
    for place, extra in enumerate(EXTRAS[learner::CLASS_SIZE]):
        parts.insert(place % (len(parts) + 1), extra)
    return parts


def handed_in(learner: int) -> tuple[str, bytes]:
    """Return the name and the content of a learner's file."""
    if learner % 2:
        return "exercise_x.py", as_file(parts_of(learner))
    return "exercise_x.ipynb", as_notebook(parts_of(learner))


@pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")
def test_a_class_with_all_extras_gets_all_points(course: Course, tmp_path: Path) -> None:
    for number in range(CLASS_SIZE):
        name, raw = handed_in(number)
        path = tmp_path / "class" / f"learner {number}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(raw)
    done = course_command("--course", course.root, "grade", "class", "--seed", "7", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in (tmp_path / "grades" / "results.jsonl").read_text().splitlines()]
    assert [result["score"] for result in results] == [4.0] * CLASS_SIZE
    assert all(result["report"]["stopped"] for result in results)


def test_a_kit_says_the_same(course: Course, tmp_path: Path) -> None:
    done = course_command("--course", course.root, "kit", "kit", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for number in range(2):
        name, raw = handed_in(number)
        (tmp_path / name).write_bytes(raw)
        check = course_command("--course", "kit", "check", "exercise-x", name, "--json", cwd=tmp_path)
        assert check.returncode == 0, check.stderr
        report = json.loads(check.stdout)
        assert (report["score"], report["max_score"]) == (1, 1) and report["stopped"]


@pytest.mark.skipif(os.name == "nt", reason="Gradescope runs Linux")
def test_gradescope_says_the_same(course: Course, tmp_path: Path) -> None:
    from grader.classroom.exports.gradescope_run import CONFIG, Config, grade

    for number in range(2):
        root = tmp_path / str(number)
        shutil.copytree(course.root, root / "source" / "course")
        config = Config(exercise="exercise-x", seed=7, sandbox=False)
        (root / "source" / CONFIG).write_bytes(msgspec.json.encode(config))
        (root / "submission").mkdir()
        name, raw = handed_in(number)
        (root / "submission" / name).write_bytes(raw)
        found = grade(root)
        assert found["score"] == 4.0
        assert "This costs no points by itself" in found["output"]


@pytest.mark.exhaustive
def test_nbgrader_says_the_same(course: Course) -> None:
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbgrader")
    from nbgrader.utils import determine_grade

    from grader.notebook.exercise_cells import exercise_notebook
    from grader.notebook.plugin import GradeWithJudge

    with Judge() as judge:
        report = starter_report(judge, course, "exercise-x")
    released = exercise_notebook(course, "exercise-x", report)
    grader = GradeWithJudge(course=str(course.root), sandbox=False, seed=1)
    for number in range(CLASS_SIZE):
        notebook = nbformat.from_dict(released)
        # below the blank functions of the released cells, which these replace
        notebook.cells += [nbformat.v4.new_code_cell(part) for part in parts_of(number)]
        grader.preprocess(notebook, {"nbgrader": {"notebook": "exercise-x"}})
        tests = [cell for cell in notebook.cells if read_cell(cell).is_test]
        assert sum(determine_grade(cell)[0] for cell in tests) == 4.0
