"""Questions about learners' own code, made by a judge and kept for the pages that ask them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.own_questions import OwnQuestion, source_hash
from grader.judge.submission import Submission

if TYPE_CHECKING:
    from grader.judge.client.resident import Checks

KEPT = 50  # submissions
PATIENCE = 60.0  # seconds to wait for the questions of others


class CodeQuestions:
    """Makes questions about submissions, one submission at a time, and keeps the latest."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._turn = threading.Lock()
        self._kept: dict[tuple[str, str, tuple[str, ...]], tuple[OwnQuestion, ...]] = {}
        self._checks: Checks | None = None
        self._closed = False

    def known(
        self, exercise_id: str, submission: Submission, functions: tuple[str, ...]
    ) -> tuple[OwnQuestion, ...] | None:
        """Return the questions that were made about these functions of a submission, or None."""
        return self._kept.get(_key(exercise_id, submission, functions))

    def make(self, exercise_id: str, submission: Submission, functions: tuple[str, ...]) -> None:
        """Make questions about functions that passed their tests. Raises CourseError."""
        key = _key(exercise_id, submission, functions)
        if not self._turn.acquire(timeout=PATIENCE):
            raise CourseError("the judge is busy with other questions — try again in a minute")
        try:
            if key not in self._kept:
                self._kept[key] = self._made(exercise_id, submission, functions)
                for old in [*self._kept][:-KEPT]:
                    del self._kept[old]
        finally:
            self._turn.release()

    def close(self) -> None:
        """End what runs."""
        self._closed = True
        if (checks := self._checks) is not None:
            checks.close()

    def _made(
        self, exercise_id: str, submission: Submission, functions: tuple[str, ...]
    ) -> tuple[OwnQuestion, ...]:
        from grader.judge.client.judge import Cancelled, default_seed
        from grader.judge.client.resident import Checks

        with Checks(self._course) as checks:
            self._checks = checks
            try:
                if self._closed:
                    raise Cancelled
                seed = default_seed(self._course, exercise_id)
                return checks.make_questions(exercise_id, submission, seed, functions)
            except Cancelled:
                raise CourseError("the questions were stopped — try again") from None
            finally:
                self._checks = None


def _key(
    exercise_id: str, submission: Submission, functions: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...]]:
    return exercise_id, source_hash(submission.cells, submission.files), functions
