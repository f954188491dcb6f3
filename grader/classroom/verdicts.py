"""Submissions -> verdicts: from judges, or as they were found before.

`LocalJudges` are a few warm judges of this machine; `grader.classroom.cluster` has those of a cluster.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.confinement import confinement_here, required_confinement
from grader.judge.client.fork_server import fork_server_if_possible
from grader.judge.client.launch import cache_dir
from grader.judge.client.pool import WarmJudge
from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.jobs import LIMITS
from grader.judge.report import Environment, Outcome, Report, environment
from grader.judge.submission import Submission

# seconds for a judge; it has limits of its own, so that this long is only a judge that hangs
PATIENCE = 2 * LIMITS.submission + 300
JUDGE_MEMORY = 3_000_000_000  # bytes that one judge needs with its workers
# what may end otherwise on a machine that has more to give at that moment
_BY_CHANCE = {Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.CRASHED, Outcome.JUDGE_BROKEN}

NO_SANDBOX = "--no-sandbox"

Verdict = Report | CourseError


class Ask(Struct, frozen=True):
    """Code that is to be judged once, whoever handed it in."""

    exercise: str
    source: str  # its hash
    submission: Submission

    @property
    def key(self) -> tuple[str, str]:
        return self.exercise, self.source


Verdicts = Generator[tuple[Ask, Verdict], None, None]


class Terms(Struct, frozen=True):
    """What all verdicts of one run have in common."""

    seed: int
    versions: dict[str, str]  # of the exercises
    environment: Environment

    def hold_for(self, report: Report) -> bool:
        """Whether a verdict was found on these terms."""
        return (report.seed, report.version, report.environment) == (
            self.seed,
            self.versions.get(report.exercise),
            self.environment,
        )


# --- what was found before ---


class Remembered:
    """Verdicts on disk; they may be deleted at any time."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._memory: DiskCache[Report] = DiskCache(cache_dir() / "verdicts", Report)

    def recall(self, ask: Ask) -> Report | None:
        report = self._memory.recall(self._key(ask))
        return report if report is not None and self._terms.hold_for(report) else None

    def keep(self, ask: Ask, report: Report) -> None:
        if not any(test.outcome in _BY_CHANCE for test in report.tests):
            self._memory.keep(self._key(ask), report)

    def _key(self, ask: Ask) -> str:
        version = self._terms.versions[ask.exercise]
        return key_of(
            ask.exercise, version, ask.source, self._terms.seed, self._terms.environment.confinement
        )


# --- judges ---


class Judges(Protocol):
    """Where verdicts come from."""

    @property
    def environment(self) -> Environment:
        """What all verdicts of these judges depend on."""

    def verdicts(self, course: Course, asks: Sequence[Ask], terms: Terms) -> Verdicts:
        """Yield verdicts as they come; a CourseError is one that failed. Close it to stop all work."""


class LocalJudges:
    """So many judges at once on this machine, with one zygote if there can be a fork server."""

    def __init__(self, jobs: int, sandbox: bool, patience: float = PATIENCE) -> None:
        """Raises EnvironmentProblem if learner code has to be confined and cannot be."""
        self.environment = environment(required_confinement(NO_SANDBOX) if sandbox else confinement_here())
        self._jobs, self._patience = jobs, patience

    def verdicts(self, course: Course, asks: Sequence[Ask], terms: Terms) -> Verdicts:
        """A judge that dies is replaced, and costs nobody but the one that it was busy with twice."""
        waiting = deque(asks)
        answers: queue.SimpleQueue[tuple[Ask, Verdict | BaseException]] = queue.SimpleQueue()
        count = min(self._jobs, len(waiting))
        fork_server = fork_server_if_possible(course, asks[0].exercise) if count > 1 else None
        judges = [WarmJudge(fork_server) for _ in range(count)]

        def work(judge: WarmJudge) -> None:
            while True:
                try:
                    ask = waiting.popleft()
                except IndexError:
                    return judge.end()
                answers.put((ask, _verdict(judge, course, ask, terms, self._patience)))

        threads = [threading.Thread(target=work, args=[judge], daemon=True) for judge in judges]
        try:
            for thread in threads:
                thread.start()
            for _ in range(len(asks)):
                ask, answer = answers.get()
                if not isinstance(answer, Report | CourseError):
                    raise answer
                yield ask, answer
        finally:
            waiting.clear()
            for judge in judges:
                judge.end()
            for thread in threads:
                thread.join()
            if fork_server is not None:
                fork_server.close()


def _verdict(
    judge: WarmJudge, course: Course, ask: Ask, terms: Terms, patience: float
) -> Verdict | BaseException:
    try:
        return on_terms(judged(judge, course, ask.exercise, ask.submission, terms.seed, patience), terms)
    except BaseException as error:  # whatever it is, it belongs to who waits
        return error


def judged(
    judge: WarmJudge,
    course: Course,
    exercise: str,
    submission: Submission,
    seed: int,
    patience: float = PATIENCE,
) -> Report:
    """Judge one submission. Raises CourseError, also if there is no end to it in so many seconds."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        judge.close()

    timer = threading.Timer(patience, give_up)
    try:
        timer.start()
        return judge.check(course, exercise, submission, seed)
    except OSError as error:
        raise EnvironmentProblem(
            f"no judge can be started: {error.strerror} — look at the free memory"
        ) from None
    except BaseException:
        if late.is_set():
            raise EnvironmentProblem(
                f"the judge did not come to an end in {patience / 60:.0f} minutes — grade again with --resume"
            ) from None
        raise
    finally:
        timer.cancel()


def on_terms(report: Report, terms: Terms) -> Verdict:
    """Return a report as it is kept, or why it does not count."""
    if not terms.hold_for(report):
        return EnvironmentProblem(
            f"the machine changed while this was graded ({report.environment.confinement.says}), or the "
            "exercise changed — grade again with --resume"
        )
    return replace(report, seconds=0.0)  # how long it took is nobody's doing


def sensible_jobs() -> int:
    """Return how many judges can work at once on this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = _free_memory()
    return max(1, cores if free is None else min(cores, free // JUDGE_MEMORY))


def _free_memory() -> int | None:
    """Return how many bytes can still be used; None where nobody says."""
    found: list[int] = []
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        found.append(int(lines["MemAvailable"].split()[0]) * 1024)
        group = Path("/sys/fs/cgroup")  # of a container, that has less than the machine
        limit = (group / "memory.max").read_text().strip()
        if limit != "max":
            found.append(int(limit) - int((group / "memory.current").read_text()))
    except (OSError, ValueError, LookupError):
        pass
    return min(found, default=None)
