"""The judge that stays warm while a kernel lives."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import Cancelled, default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.report import Report
from grader.judge.submission import Submission, read_submission


def new_judges() -> JudgePool:
    """Return the judges for one kernel: one, because a kernel checks one submission at a time."""
    return JudgePool(size=1)


class KernelJudges:
    """The judges of one kernel. They end with the kernel."""

    def __init__(self) -> None:
        self._judges = new_judges()
        self._process = os.getpid()
        atexit.register(self.close)

    def warm_up(self, course: Course, exercise_id: str) -> None:
        """Have a judge import what an exercise needs, in the background, so that the first check is fast."""
        threading.Thread(target=self._warm_up, args=(course, exercise_id), daemon=True).start()

    def check(self, course: Course, exercise_id: str, submission: Submission) -> Report:
        """Judge a submission with the seed of `course check`. Raises as `JudgePool.check` does.

        Interrupted, it ends the judge; the next check starts another one.
        """
        return self._judges.check(course, Task(exercise_id, submission, default_seed(course, exercise_id)))

    def close(self) -> None:
        """End the judges. A process that was forked from the kernel leaves them alone."""
        if os.getpid() == self._process:
            atexit.unregister(self.close)
            self._judges.close()

    def _warm_up(self, course: Course, exercise_id: str) -> None:
        with contextlib.suppress(CourseError, Cancelled):  # the learner's own check says what is wrong
            self.check(course, exercise_id, read_submission(course.exercise_dir(exercise_id) / "starter.py"))
