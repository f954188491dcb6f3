"""Checks that run: at most one per learner and a bounded number in all, each recorded once.

A check belongs to no browser. Its tab may be closed or loaded again: the check goes on, and whoever
asks later gets its events from the beginning.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, Protocol

from msgspec import Struct

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.plots import PlotPair
from grader.judge.report import Report, TestResult
from grader.judge.submission import Submission
from grader.tutor.figures import Figures
from grader.web.identity import Learner
from grader.web.store import Store

AT_ONCE = 2  # checks that are judged
WAITING = 30  # further checks that wait for their turn
KEPT = 50  # ended checks whose figures are kept


class Event(Struct, frozen=True):
    """What happened in a check: the tests were counted, one has ended, or all is over."""

    kind: Literal["total", "test", "end"]
    total: int = 0
    test: TestResult | None = None
    problem: str = ""  # why there is no verdict, or why it is not recorded


class Closing(Protocol):
    """Something that can be ended from another thread."""

    def close(self) -> None:
        """End it."""


class TooMany(CourseError):
    """No further check can begin now."""


class RunningCheck:
    """One check. Its events only grow; the last one has the kind "end"."""

    def __init__(self, number: int, learner: Learner, exercise: str, submission: Submission) -> None:
        self.number = number
        self.learner = learner
        self.exercise = exercise
        self.submission = submission
        self.events: list[Event] = []
        self.report: Report | None = None
        self.figures = Figures()

    @property
    def ended(self) -> bool:
        """True once there is nothing to come."""
        return bool(self.events) and self.events[-1].kind == "end"

    @property
    def problem(self) -> str:
        """Why there is no verdict, or "" if there is one or none yet."""
        return self.events[-1].problem if self.ended else ""


Judging = Callable[[RunningCheck], Report]


class RunningChecks:
    """The checks of all learners."""

    def __init__(self, course: Course, store: Store, judge: Judging | None = None) -> None:
        """`judge` carries out one check; default: a judge of this machine."""
        self._course = course
        self._store = store
        self._judge = judge or self._ask_judge
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._checks: dict[int, RunningCheck] = {}
        self._number = 0
        self._closed = False
        self._open: set[Closing] = set()

    def begin(self, learner: Learner, exercise: str, submission: Submission) -> RunningCheck:
        """Begin a check, or return the learner's own that runs on the same code. Raises TooMany."""
        with self._lock:
            mine = [each for each in self._running() if each.learner == learner]
            for each in mine:
                if each.exercise == exercise and each.submission == submission:
                    return each
            if mine:
                raise TooMany(
                    f"a check of {mine[0].exercise} is still running — wait for its verdict, then check again"
                )
            if len(self._running()) >= AT_ONCE + WAITING or self._closed:
                raise TooMany("many checks are running now — try again in a minute")
            self._number += 1
            check = RunningCheck(self._number, learner, exercise, submission)
            self._checks[check.number] = check
            self._forget_old()
        threading.Thread(target=self._run, args=(check,), daemon=True).start()
        return check

    def running(self, learner: Learner, exercise: str) -> RunningCheck | None:
        """Return the check that runs for this learner and exercise, or None."""
        with self._lock:
            return next((c for c in self._running() if (c.learner, c.exercise) == (learner, exercise)), None)

    def get(self, learner: Learner, number: int) -> RunningCheck | None:
        """Return a learner's check, running or ended not long ago; None if there is no such check."""
        check = self._checks.get(number)
        return check if check is not None and check.learner == learner else None

    def figures(self, learner: Learner, report: Report) -> list[PlotPair]:
        """Return the figures that came with a report, if this server has made it."""
        with self._lock:
            found = [c for c in self._checks.values() if c.learner == learner and c.report == report]
        return found[-1].figures.pairs if found else []

    def warm_up(self, exercise: str) -> None:
        """Start the judge that stays in memory, in the background, so that the first check is fast, too."""
        threading.Thread(target=self._warm_up, args=(exercise,), daemon=True).start()

    def close(self) -> None:
        """End all checks that run. Nothing of them is recorded."""
        with self._lock:
            self._closed = True
            ending = [*self._open]
        for checks in ending:
            checks.close()

    def _running(self) -> list[RunningCheck]:
        return [check for check in self._checks.values() if not check.ended]

    def _forget_old(self) -> None:
        ended = [number for number, check in self._checks.items() if check.ended]
        for number in ended[:-KEPT]:
            del self._checks[number]

    def _run(self, check: RunningCheck) -> None:
        from grader.judge.client.judge import Cancelled

        problem = ""
        try:
            with self._turns:
                report = self._judge(check)
            with self._store.writing(check.learner) as recorder:
                check.report = report
                recorder.record_check(report)
        except Cancelled:
            problem = "the check was stopped — check again"
        except CourseError as error:
            problem = str(error)
        except Exception as error:  # a learner waits for the end, whatever went wrong
            problem = f"the check broke off with {type(error).__name__} — check again, or run course check"
        check.events.append(Event("end", problem=problem))

    def _warm_up(self, exercise: str) -> None:
        from grader.judge.client.resident import start_resident

        with suppress(CourseError):  # the check will say it
            start_resident(self._course, exercise)

    def _ask_judge(self, check: RunningCheck) -> Report:
        from grader.judge.client.judge import Cancelled
        from grader.judge.client.resident import Checks, start_resident
        from grader.tutor.checking import check_submission

        def begin(total: int) -> None:
            check.events.append(Event("total", total=total))

        with Checks(self._course) as checks:
            with self._lock:
                if self._closed:
                    raise Cancelled
                self._open.add(checks)
            try:
                report = check_submission(
                    checks,
                    self._course,
                    check.exercise,
                    check.submission,
                    on_total=begin,
                    on_test=lambda result: check.events.append(Event("test", test=result)),
                    on_figure=check.figures.add,
                )
            finally:
                with self._lock:
                    self._open.discard(checks)
        start_resident(self._course, check.exercise)  # so that the next check is fast
        return report
