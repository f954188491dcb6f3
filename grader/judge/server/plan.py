"""The inputs of one run of an exercise's tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.content.exercise import Exercise, Mistake
from grader.judge.jobs import OnCells, OnFigure, Scope
from grader.judge.report import Outcome, TestResult
from grader.judge.server.items import test_id
from grader.judge.server.learner import Learner
from grader.judge.server.remembered import RememberedSession
from grader.judge.server.session import Session
from grader.judge.server.transcripts import End, Transcripts


@dataclass(frozen=True)
class Plan:
    """The inputs of one run: the exercise, the sessions, and the receivers of results."""

    exercise: Exercise
    tests_version: str
    directory: Path
    seed: int
    learner: Session
    reference: RememberedSession | None  # None in a learner's kit
    session_of: Callable[[Mistake], Session]
    # a new session for the learner's code, with other callables in the place of some functions
    learner_with: Callable[[Mapping[str, Callable[..., Any]]], Session]
    on_test: Callable[[TestResult], None]
    on_total: Callable[[int], None]
    on_cells: OnCells
    on_figure: OnFigure | None  # None if nobody wants figures
    cache: Path
    transcripts: Transcripts
    scope: Scope

    @property
    def files(self) -> list[Path]:
        """Return the test files, in the order in which they run."""
        return [self.directory / name for name in ("visible_tests.py", "hidden_tests.py")]

    def recall(self, item: pytest.Function, session: Session) -> End | None:
        """Return the known end of a test on a session, or None if an answer of the worker is new.

        Also sets the calls of the test's `learner`.
        """
        learner = item.funcargs.get("learner")
        if not isinstance(learner, Learner):
            return None
        end = self.transcripts.recall(session, self._name(item))
        if end is not None:
            learner.calls = [*end.calls]
        return end

    def keep(self, item: pytest.Function, session: Session, outcome: Outcome, message: str = "") -> None:
        """Remember the end of a test if only the worker's answers decided it, not time or a crash."""
        learner = item.funcargs.get("learner")
        if not isinstance(learner, Learner) or learner.calls is None:
            return  # a call did not end, or was never made
        if outcome in (Outcome.PASSED, Outcome.FAILED):
            end = End(outcome, message, tuple(learner.calls))
            self.transcripts.keep(session, self._name(item), end)

    def _name(self, item: pytest.Function) -> str:
        return f"{self.tests_version} {self.seed} {test_id(item)}"
