"""Submissions -> verdicts: from a few warm judges of this machine, or as they were found before."""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.check import LIMITS, cache_dir
from grader.judge.memory import Memory, key_of
from grader.judge.report import Environment, Outcome, Report
from grader.judge.submission import Submission
from grader.judge.warm import WarmJudge

# seconds for a judge; it has limits of its own, so that this long is only a judge that hangs
PATIENCE = 2 * LIMITS.submission + 300
JUDGE_MEMORY = 3_000_000_000  # bytes that one judge needs with its workers
# what may end otherwise on a machine that has more to give at that moment
_BY_CHANCE = {Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.CRASHED, Outcome.JUDGE_BROKEN}

Verdict = Report | CourseError


class Ask(Struct, frozen=True):
    """Code that is to be judged once, whoever handed it in."""

    exercise: str
    source: str  # its hash
    submission: Submission

    @property
    def key(self) -> tuple[str, str]:
        return self.exercise, self.source


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
        self._memory: Memory[Report] = Memory(cache_dir() / "verdicts", Report)

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


def verdicts(
    course: Course, asks: Sequence[Ask], terms: Terms, jobs: int, patience: float = PATIENCE
) -> Generator[tuple[Ask, Verdict], None, None]:
    """Judge with so many judges at once, and yield verdicts as they come; a CourseError is one that failed.

    A judge that dies is replaced, and costs nobody but the one that it was busy with twice.
    Close the iterator, and no judge is left.
    """
    waiting = deque(asks)
    answers: queue.SimpleQueue[tuple[Ask, Verdict | BaseException]] = queue.SimpleQueue()
    judges = [WarmJudge() for _ in range(min(jobs, len(waiting)))]

    def work(judge: WarmJudge) -> None:
        while True:
            try:
                ask = waiting.popleft()
            except IndexError:
                return judge.end()
            answers.put((ask, _verdict(judge, course, ask, terms, patience)))

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


def _verdict(
    judge: WarmJudge, course: Course, ask: Ask, terms: Terms, patience: float
) -> Verdict | BaseException:
    late = threading.Event()

    def give_up() -> None:
        late.set()
        judge.close()

    timer = threading.Timer(patience, give_up)
    try:
        timer.start()
        report = judge.check(course, ask.exercise, ask.submission, terms.seed)
    except OSError as error:
        return EnvironmentProblem(f"no judge can be started: {error.strerror} — look at the free memory")
    except BaseException as error:  # whatever it is, it belongs to who waits
        if late.is_set():
            return EnvironmentProblem(
                f"the judge did not come to an end in {patience / 60:.0f} minutes — grade again with --resume"
            )
        return error
    finally:
        timer.cancel()
    if not terms.hold_for(report):
        return EnvironmentProblem(
            f"the surroundings have changed while it was graded ({report.environment.confinement}), or the "
            "exercise has — grade again with --resume"
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
