"""The verdict on one submission, as data."""

from __future__ import annotations

import os
import platform
from enum import StrEnum

from msgspec import Struct

from grader.judge.confinement import Confinement


class Outcome(StrEnum):
    """How one test ended."""

    PASSED = "passed"
    FAILED = "failed"  # the result is wrong
    ERROR = "error"  # the learner's code raised
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"  # the worker process ended
    NOT_RUN = "not_run"  # the file or the function is not ready for tests
    JUDGE_BROKEN = "judge_broken"  # the test itself is wrong; never charged to the learner


class TestResult(Struct, frozen=True, kw_only=True):
    """One test's verdict. `score` is 0 or `points`; for a broken test both are 0."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    id: str
    function: str
    title: str
    outcome: Outcome
    points: float
    score: float
    message: str
    visible: bool


class NamedMistake(Struct, frozen=True, kw_only=True):
    """A known mistake whose behaviour the submission shows in `tests`."""

    id: str
    misconception: str
    says: str
    tests: tuple[str, ...]


class Environment(Struct, frozen=True, kw_only=True):
    """What a verdict may depend on besides the sources."""

    python: str
    numpy: str
    tensorflow: str
    keras: str
    platform: str
    threads: int  # that TensorFlow may use for one operation
    confinement: Confinement


class Withheld(Struct, frozen=True, kw_only=True):
    """The hidden tests that a learner's kit comes without: they run when the instructor grades."""

    tests: int
    points: float


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`course check --json` prints exactly this; `withheld` only where something is."""

    exercise: str
    version: str
    score: float
    max_score: float
    passed: bool
    tests: tuple[TestResult, ...]
    mistakes: tuple[NamedMistake, ...]
    seed: int
    environment: Environment
    seconds: float
    withheld: Withheld | None = None


def environment(confinement: Confinement) -> Environment:
    """Return what verdicts of this machine depend on."""
    from importlib.metadata import version  # takes its time, and most commands need no more than the types

    return Environment(
        python=platform.python_version(),
        numpy=version("numpy"),
        tensorflow=version("tensorflow"),
        keras=version("keras"),
        platform=f"{platform.system()} {platform.machine()}",
        threads=os.cpu_count() or 1,
        confinement=confinement,
    )
