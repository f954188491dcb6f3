"""The report on one submission, as data."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from grader.content.libraries import installed_version
from grader.content.relations import RelationKind
from grader.judge.confinement import Confinement


class Outcome(StrEnum):
    """The way one test ended."""

    PASSED = "passed"
    FAILED = "failed"  # the result is wrong
    ERROR = "error"  # the learner's code raised
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"  # the worker process exited
    NOT_RUN = "not_run"  # the file or function cannot be tested yet
    NOT_JUDGED = "not_judged"  # it may be right, but the judge cannot tell; the instructor decides
    JUDGE_BROKEN = "judge_broken"  # the test itself is wrong; it costs the learner no points


def total(points: Iterable[float]) -> float:
    """Return a sum of points without the residue of binary fractions."""
    return round(math.fsum(points), 6)


class TestError(Struct, frozen=True, kw_only=True):
    """What a broken test raised, for its author alone: the text may hold what the test hides.

    `line` is the place in the test file, or 0.
    """

    __test__ = False  # keeps pytest from collecting this class

    says: str
    line: int


class TestResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of one test. `score` is 0 or `points`; both are 0 if the test is broken.

    `after` names functions of the submission that are wrong and without which the test
    passes: it was passed with the reference solution's in their place. Usually empty,
    and then left out. `error` is left out, too, unless an author asked for it (`Scope.test_errors`).
    """

    __test__ = False  # keeps pytest from collecting this class

    id: str
    function: str
    title: str
    outcome: Outcome
    points: float
    score: float
    message: str
    visible: bool
    after: tuple[str, ...] = ()
    error: TestError | None = None


class NamedMistake(Struct, frozen=True, kw_only=True):
    """A known mistake that the submission behaves like in `tests`."""

    id: str
    misconception: str
    says: str
    tests: tuple[str, ...]


class NamedRelation(Struct, frozen=True, kw_only=True):
    """A relation between the results of a function and the right ones, in `tests`.

    `results` are the names of the results that it is about; () if it is about all of them.
    """

    function: str
    relation: RelationKind
    results: tuple[str, ...]
    says: str
    tests: tuple[str, ...]


class UnnamedBehavior(Struct, frozen=True, kw_only=True):
    """The behavior of a function in its failed `tests`, for which no idea was named.

    Submissions with the same `digest` behave alike, if seed and version are the same.
    """

    function: str
    digest: str
    tests: tuple[str, ...]


class StoppedCode(Struct, frozen=True, kw_only=True):
    """A statement or block outside the functions that did not run to its end. It costs no points.

    `place` is "line 3 of my.py" or "line 2 of code cell 4". `message` is a sentence
    that names the place and the reason.
    """

    place: str
    message: str


class Environment(Struct, frozen=True, kw_only=True):
    """The properties of a machine that a report can depend on, besides the sources."""

    python: str
    numpy: str
    tensorflow: str  # "" where it is not installed, as a course need not use it
    keras: str
    platform: str
    threads: int  # threads that TensorFlow may use per operation
    confinement: Confinement


class Withheld(Struct, frozen=True, kw_only=True):
    """The hidden tests that a learner's kit leaves out. They run when the instructor grades."""

    tests: int
    points: float


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The report on one submission, exactly as `course check --json` prints it.

    `seconds` is the wall time. `stopped` lists what did not run to its end while the
    submission was loaded, in order, and `notes` tell how the submission was read.
    `relations` are named for functions whose failures no known mistake explains.
    `disturbed` is true if a limit was reached that might not be reached on an idle machine.
    `unnamed` is for instructors only, and left out unless it was asked for
    (`Scope.behaviors`). These and `withheld` are left out if there is nothing to tell.
    """

    exercise: str
    version: str
    stopped: tuple[StoppedCode, ...] = ()
    notes: tuple[str, ...] = ()
    score: float
    max_score: float
    passed: bool
    tests: tuple[TestResult, ...]
    mistakes: tuple[NamedMistake, ...]
    relations: tuple[NamedRelation, ...] = ()
    seed: int
    environment: Environment
    seconds: float
    withheld: Withheld | None = None
    unnamed: tuple[UnnamedBehavior, ...] = ()
    disturbed: bool = False


def environment(confinement: Confinement) -> Environment:
    """Return the environment of reports made on this machine."""
    return Environment(
        python=platform.python_version(),
        numpy=installed_version("numpy") or "",
        tensorflow=installed_version("tensorflow") or "",
        keras=installed_version("keras") or "",
        platform=f"{platform.system()} {platform.machine()}",
        threads=os.cpu_count() or 1,
        confinement=confinement,
    )
