"""Verdicts from several judges at once, and the cache of verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import submission
from sound_course import SOLUTION, SoundCourse

from grader.classroom.verdicts import LocalJudges, Terms, UniqueSubmission, VerdictCache
from grader.content.course import Course
from grader.errors import EnvironmentProblem
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.confinement import confinement_here
from grader.judge.confinement import Confinement
from grader.judge.report import Outcome, Report, environment

EXERCISE = "exercise-x"
OTHER = next(each for each in Confinement if each is not confinement_here())
CRASH = "import ctypes\nctypes.string_at(0)\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture(scope="module")
def terms(course: Course) -> Terms:
    versions = {EXERCISE: course.exercise_version(EXERCISE)}
    return Terms(seed=3, versions=versions, environment=environment(confinement_here()))


def unique(*sources: str) -> list[UniqueSubmission]:
    return [UniqueSubmission(EXERCISE, f"hash {n}", submission(source)) for n, source in enumerate(sources)]


@pytest.fixture(scope="module")
def found(course: Course, terms: Terms) -> Iterator[dict[str, Report]]:
    """Reports on a right submission, a crashing one, and one without functions."""
    answers = LocalJudges(2, sandbox=True).verdicts(course, unique(SOLUTION, CRASH, "x = 1\n"), terms)
    yield {ask.source: report for ask, report in answers if isinstance(report, Report)}


def test_each_submission_is_judged(found: dict[str, Report]) -> None:
    scores = {source: report.score for source, report in found.items()}
    assert scores == {"hash 0": 4.0, "hash 1": 0.0, "hash 2": 0.0}
    assert {report.seconds for report in found.values()} == {0.0}


def test_chance_outcomes_are_not_cached(
    found: dict[str, Report], terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    remembered = VerdictCache(terms)
    right, crash, _ = unique(SOLUTION, CRASH, "x = 1\n")
    assert remembered.recall(right) is None
    for ask in (right, crash):
        remembered.keep(ask, found[ask.source])
    assert found["hash 1"].tests[0].outcome is Outcome.CRASHED
    assert remembered.recall(right) == found["hash 0"]
    assert remembered.recall(crash) is None
    for file in (tmp_path / "course" / "verdicts").iterdir():
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert remembered.recall(right) is None  # the file is damaged


def test_cached_verdicts_hold_only_on_the_same_terms(
    found: dict[str, Report], terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (right,) = unique(SOLUTION)
    VerdictCache(terms).keep(right, found["hash 0"])
    others = [
        Terms(4, terms.versions, terms.environment),
        Terms(3, {EXERCISE: "another"}, terms.environment),
        Terms(3, terms.versions, environment(OTHER)),
    ]
    for other in others:
        assert not other.hold_for(found["hash 0"])
        assert VerdictCache(other).recall(right) is None


def test_a_hanging_judge_is_stopped(course: Course, terms: Terms) -> None:
    slow, *_ = unique("import time\ntime.sleep(50)\n")
    ((ask, problem),) = LocalJudges(1, sandbox=True, patience=0.5).verdicts(course, [slow], terms)
    assert ask is slow
    assert isinstance(problem, EnvironmentProblem)
    assert "did not finish" in str(problem)


def test_a_machine_that_changes_during_grading_is_noticed(course: Course, terms: Terms) -> None:
    other = Terms(3, terms.versions, environment(OTHER))
    ((_, problem),) = LocalJudges(1, sandbox=True).verdicts(course, unique("x = 1\n"), other)
    assert isinstance(problem, EnvironmentProblem)
    assert "machine changed while" in str(problem)


def test_a_caller_can_stop_waiting(course: Course, terms: Terms) -> None:
    answers = LocalJudges(2, sandbox=True).verdicts(course, unique(*(f"x = {n}\n" for n in range(50))), terms)
    next(answers)
    answers.close()
    assert list(answers) == []


def test_there_is_always_at_least_one_job() -> None:
    assert sensible_jobs() >= 1
