"""Attempts made and recorded: what a learner just did, dated by a clock, added to the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grader.content.course import Course, content_hash
from grader.content.lesson import Lesson, Section
from grader.errors import EnvironmentProblem
from grader.progress.attempt import Attempt, Kind, new_id, timestamp

if TYPE_CHECKING:
    from grader.judge.report import Report
    from grader.progress.log import AttemptLog

Clock = Callable[[], datetime]  # the time returned has a time zone


def new_attempt(now: datetime, kind: Kind, item: str, content_hash: str, **fields: Any) -> Attempt:
    """Return an attempt made now. `fields` are those of Attempt."""
    time = timestamp(now)
    return Attempt(id=new_id(), time=time, kind=kind, item=item, content_hash=content_hash, **fields)


def check_attempt(now: datetime, report: Report) -> Attempt:
    """Return the attempt that records a check of an exercise."""
    return new_attempt(
        now,
        "check",
        report.exercise,
        report.version,
        score=report.score,
        max_score=report.max_score,
        seconds=report.seconds,
        report=msgspec.to_builtins(report),
    )


class Recorder:
    """A learner's log and the clock that dates what goes into it.

    Without a log, nothing is recorded and there are no earlier attempts.
    """

    def __init__(self, log: AttemptLog | None, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    @property
    def keeps(self) -> bool:
        """True if attempts are recorded."""
        return self._log is not None

    @property
    def now(self) -> datetime:
        return self._clock()

    def prepare(self) -> None:
        """Check that attempts can be recorded, before anything is asked. Raises EnvironmentProblem."""
        if self._log is not None:
            self._log.prepare()

    def attempts(self, *, quiz: str | None = None) -> list[Attempt]:
        """Return all attempts, or those at one quiz, in the order they were recorded."""
        return [] if self._log is None else self._log.attempts(quiz=quiz)

    def add(self, *attempts: Attempt) -> None:
        """Record attempts, all or none. Raises EnvironmentProblem."""
        if self._log is not None:
            self._log.append(*attempts)

    def record(self, kind: Kind, item: str, content_hash: str, **fields: Any) -> None:
        """Make an attempt and record it. `fields` are those of Attempt."""
        self.add(new_attempt(self.now, kind, item, content_hash, **fields))

    def record_check(self, report: Report) -> None:
        """Record a verdict that the learner has seen. Raises EnvironmentProblem."""
        try:
            self.add(check_attempt(self.now, report))
        except EnvironmentProblem as error:
            raise EnvironmentProblem(f"the verdict above is not recorded: {error}") from None

    def record_section(self, kind: Literal["read", "skip"], lesson: Lesson, section: Section) -> None:
        """Record that a section was read or skipped."""
        self.record(kind, f"{lesson.id}/{section.id}", content_hash(section))

    def set_aside(self, course: Course, exercise_id: str) -> None:
        """Record that the learner set an exercise aside."""
        self.record("skip", exercise_id, course.exercise_version(exercise_id))
