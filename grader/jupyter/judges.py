"""The judges of a kernel: the one that stays in memory, or one that ends with the kernel."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections.abc import Iterator

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import Cancelled, default_seed
from grader.judge.client.resident import Checks, reason_against, start_resident
from grader.judge.jobs import OnFigure
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report
from grader.judge.submission import Submission, read_submission


class KernelJudges:
    """The judges of one kernel."""

    def __init__(self) -> None:
        self._checks: dict[str, Checks] = {}  # by course directory
        self._turn = threading.Lock()  # the warm-up may be under way
        self._closed = False
        self._process = os.getpid()
        atexit.register(self.close)

    def warm_up(self, course: Course, exercise_id: str) -> None:
        """Have a judge import what an exercise needs, in the background, so that the first check is fast."""
        if reason_against():
            threading.Thread(target=self._warm_up, args=(course, exercise_id), daemon=True).start()
        else:
            start_resident(course, exercise_id)

    def check(
        self, course: Course, exercise_id: str, submission: Submission, on_figure: OnFigure | None = None
    ) -> Report:
        """Judge a submission with the seed of `course check`. Raises as `Judge.check` does.

        Interrupted, it ends the judge; the next check gets another one.
        """
        with self._checks_of(course) as checks:
            seed = default_seed(course, exercise_id)
            return checks.check(exercise_id, submission, seed, on_figure=on_figure)

    def make_questions(
        self, course: Course, exercise_id: str, submission: Submission, seed: int, functions: tuple[str, ...]
    ) -> tuple[OwnQuestion, ...]:
        """Make questions about functions of a submission. Raises as `Judge.check` does."""
        with self._checks_of(course) as checks:
            return checks.make_questions(exercise_id, submission, seed, functions)

    @contextlib.contextmanager
    def _checks_of(self, course: Course) -> Iterator[Checks]:
        with self._turn:
            checks = self._checks.setdefault(str(course.root), Checks(course))
            if self._closed:  # asked only now: `close` may not have seen these
                raise Cancelled
            try:
                yield checks
            finally:
                if self._closed:  # while the judge was starting
                    checks.close()

    def close(self) -> None:
        """End the judges of this kernel. A process that was forked from the kernel leaves them alone."""
        if os.getpid() == self._process:
            atexit.unregister(self.close)
            self._closed = True
            for checks in [*self._checks.values()]:  # the warm-up may add one
                checks.close()

    def _warm_up(self, course: Course, exercise_id: str) -> None:
        with contextlib.suppress(CourseError, Cancelled):  # the learner's own check says what is wrong
            self.check(course, exercise_id, read_submission(course.exercise_dir(exercise_id) / "starter.py"))
