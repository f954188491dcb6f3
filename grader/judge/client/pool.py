"""One judge process for many submissions, replaced when it dies."""

from __future__ import annotations

import threading

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError
from grader.judge.client.judge import Cancelled, Judge
from grader.judge.client.launch import JudgeSource
from grader.judge.jobs import LIMITS, Limits, OnCells
from grader.judge.report import Report
from grader.judge.submission import Submission


class WarmJudge:
    """Starts a judge when it is first needed; takes a new one if it has died, or could not work."""

    def __init__(self, source: JudgeSource | None = None) -> None:
        """Judges are started as `Judge` says."""
        self._source = source
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._ended = False

    def check(
        self,
        course: Course,
        exercise: str,
        submission: Submission,
        seed: int,
        limits: Limits = LIMITS,
        on_cells: OnCells = lambda cells: None,
    ) -> Report:
        """Judge one submission; if the judge fails, again with a new one. Raises as `Judge.check` does."""
        try:
            return self._once(course, exercise, submission, seed, limits, on_cells)
        except ContentError:
            raise  # no judge can change that
        except CourseError:
            return self._once(course, exercise, submission, seed, limits, on_cells)

    def _once(
        self,
        course: Course,
        exercise: str,
        submission: Submission,
        seed: int,
        limits: Limits,
        on_cells: OnCells,
    ) -> Report:
        try:
            judge = self._started()
            return judge.check(course, exercise, submission, seed, limits=limits, on_cells=on_cells)
        except BaseException:  # also Ctrl-C: what a judge still has to say is about another submission
            self.close()
            raise

    def _started(self) -> Judge:
        with self._lock:
            if self._ended:
                raise Cancelled
            if self._judge is None:
                self._judge = Judge(self._source)
            return self._judge

    def close(self) -> None:
        """End the judge; the next check takes a new one."""
        with self._lock:
            judge, self._judge = self._judge, None
        if judge is not None:
            judge.close()

    def end(self) -> None:
        """End the judge for good; callable from another thread, whose check then raises Cancelled."""
        with self._lock:
            self._ended = True
        self.close()
