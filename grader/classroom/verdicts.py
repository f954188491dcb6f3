"""Verdicts on submissions, from judges or from the cache.

`LocalJudges` are warm judges on this machine; `grader.classroom.cluster` uses a Dask cluster.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.confinement import confinement_here, required_confinement
from grader.judge.client.launch import cache_dir
from grader.judge.client.pool import PATIENCE, JudgePool, Task
from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.jobs import Scope
from grader.judge.report import Environment, Outcome, Report, environment
from grader.judge.submission import Submission

# outcomes that may differ on a machine with more free resources
_BY_CHANCE = {Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.CRASHED, Outcome.JUDGE_BROKEN}

NO_SANDBOX = "--no-sandbox"
OF_CLASS = Scope(behaviors=True)

Verdict = Report | CourseError


class UniqueSubmission(Struct, frozen=True):
    """Code to judge once, however many learners submitted it."""

    exercise: str
    source: str  # its hash
    submission: Submission

    @property
    def key(self) -> tuple[str, str]:
        return self.exercise, self.source


Verdicts = Generator[tuple[UniqueSubmission, Verdict], None, None]


class Terms(Struct, frozen=True):
    """The conditions that all verdicts of one run share."""

    seed: int
    versions: dict[str, str]  # of the exercises
    environment: Environment
    libraries: dict[str, tuple[str, ...]] = {}  # the libraries that the exercises list, with versions

    def hold_for(self, report: Report) -> bool:
        """Return True if a verdict was reached under these conditions."""
        return (report.seed, report.version, report.environment) == (
            self.seed,
            self.versions.get(report.exercise),
            self.environment,
        )


# --- the cache ---


class VerdictCache:
    """Verdicts on disk. They may be deleted at any time."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._cache: DiskCache[Report] = DiskCache(cache_dir() / "verdicts", Report)

    def recall(self, unique: UniqueSubmission) -> Report | None:
        report = self._cache.recall(self._key(unique))
        return report if report is not None and self._terms.hold_for(report) else None

    def keep(self, unique: UniqueSubmission, report: Report) -> None:
        if not any(test.outcome in _BY_CHANCE for test in report.tests):
            self._cache.keep(self._key(unique), report)

    def _key(self, unique: UniqueSubmission) -> str:
        version = self._terms.versions[unique.exercise]
        libraries = self._terms.libraries.get(unique.exercise, ())
        walls = self._terms.environment.confinement
        return key_of(
            "behaviors", unique.exercise, version, unique.source, self._terms.seed, walls, *libraries
        )


# --- judges ---


class Judges(Protocol):
    """A source of verdicts."""

    @property
    def environment(self) -> Environment:
        """The environment that all verdicts of these judges depend on."""

    def verdicts(self, course: Course, submissions: Sequence[UniqueSubmission], terms: Terms) -> Verdicts:
        """Yield verdicts as they come; a CourseError is a failure. Close the generator to stop all work."""


class LocalJudges:
    """Judges on this machine, which share one zygote where judges can be forked."""

    def __init__(self, jobs: int, sandbox: bool, patience: float = PATIENCE) -> None:
        """Raises EnvironmentProblem if learner code has to be confined and cannot be."""
        self.environment = environment(required_confinement(NO_SANDBOX) if sandbox else confinement_here())
        self._jobs, self._patience = jobs, patience

    def verdicts(self, course: Course, submissions: Sequence[UniqueSubmission], terms: Terms) -> Verdicts:
        """Judge several at once. A submission that kills two judges is reported as failed."""
        tasks = [Task(each.exercise, each.submission, terms.seed, OF_CLASS) for each in submissions]
        with (
            JudgePool(min(self._jobs, len(tasks)), forked=True) as pool,
            closing(pool.check_all(course, tasks, self._patience)) as outcomes,
        ):
            for index, outcome in outcomes:
                verdict = on_terms(outcome, terms) if isinstance(outcome, Report) else outcome
                yield submissions[index], verdict


def on_terms(report: Report, terms: Terms) -> Verdict:
    """Return the report to keep, or the reason why it does not count."""
    if not terms.hold_for(report):
        return EnvironmentProblem(
            f"the machine changed while this was graded ({report.environment.confinement.says}), or the "
            "exercise changed — grade again with --resume"
        )
    return replace(report, seconds=0.0)  # the time depends on the machine, not on the submission
