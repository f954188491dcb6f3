"""Tests run on known mistakes, to see what these do; what was seen is remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from grader.content.exercise import Mistake
from grader.errors import EnvironmentProblem
from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.recognition.behavior import Likeness, Observed, compare, fingerprinted
from grader.judge.recognition.fingerprint import fingerprint
from grader.judge.recognition.naming import Calls, MistakeRun, RunOn, recognize
from grader.judge.report import NamedMistake, Outcome, TestResult
from grader.judge.server.learner import Learner
from grader.judge.server.plan import Plan
from grader.judge.server.session import Session
from grader.judge.server.time_limit import TimeLimitExceeded, time_limit

ROOM = 200_000_000  # bytes of all failed tests' calls that are kept to be compared
COMPARE_SECONDS = 10.0  # one comparison
RECOGNISE_SECONDS = 60.0  # all of a submission


class _TrainsNow(BaseException):
    """What follows depends on the calls so far, and takes seconds. No Exception: no test may catch it."""


class Trials:
    """Compares a submission with the known mistakes of its exercise, inside the run of its tests."""

    def __init__(self, plan: Plan) -> None:
        self.session: Session | None = None  # of the mistake that stands in the learner's place now
        self._plan = plan
        self._room = ROOM
        self._traces: dict[str, Calls] = {}
        self._passed: bool | None = False
        self._seen: list[Observed] | None = None

    def keep(self, test: str, item: pytest.Function) -> None:
        """Keep what the learner's function did in a failed test, for as long as there is room."""
        learner = item.funcargs.get("learner")
        # without a call, as of a blank function, there is nothing that a mistake could be like
        if isinstance(learner, Learner) and learner.calls and learner.size <= self._room:
            self._room -= learner.size
            self._traces[test] = tuple(learner.calls)

    def train(self, *_: Any) -> NoReturn:
        """Stand in for the fixture `train`."""
        raise _TrainsNow

    def recognize(
        self, items: dict[str, pytest.Function], results: Sequence[TestResult]
    ) -> list[NamedMistake]:
        """Name the known mistakes that the submission shows; `items` are the tests by id."""
        if not self._traces:
            return []
        named = []
        compare = self._comparing(time.monotonic() + RECOGNISE_SECONDS)
        for function in self._plan.exercise.functions:
            mine = [result for result in results if result.function == function.name]
            mistakes = [
                mistake for mistake in self._plan.exercise.mistakes if mistake.function == function.name
            ]
            if any(result.id in self._traces for result in mine):
                named += recognize(mistakes, mine, compare, lambda mistake: self._tried(mistake, items))
        return named

    @contextmanager
    def _tried(self, mistake: Mistake, items: dict[str, pytest.Function]) -> Iterator[RunOn]:
        """Give what runs a test on this mistake, unless it was run before by whichever judge."""
        plan = self._plan
        memory: DiskCache[dict[str, MistakeRun]] = DiskCache(plan.cache / "mistakes", dict[str, MistakeRun])
        key = key_of(plan.version, plan.seed, mistake.id)
        runs = memory.recall(key) or {}
        known = len(runs)
        with ExitStack() as open_session:
            session: Session | None = None

            def run(test: str) -> MistakeRun:
                nonlocal session
                if test not in runs:
                    session = session or open_session.enter_context(plan.session_of(mistake))
                    found = self._run(session, items[test])
                    if self._seen is None:  # it was stopped; there is nothing to learn from it
                        return found
                    runs[test] = found
                return runs[test]

            yield run
        if len(runs) > known:
            memory.keep(key, runs)

    def call(self, item: pytest.Function) -> None:
        """Run a test's body on a mistake and note how it ended. Raises EnvironmentProblem."""
        arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
        try:
            with time_limit(self._plan.learner.limits.test):
                self._passed = self._attempt(item, arguments)
        except _TrainsNow:
            self._passed = None
        except EnvironmentProblem:
            raise
        except (
            Exception,
            TimeLimitExceeded,
            pytest.fail.Exception,
            pytest.skip.Exception,
            pytest.xfail.Exception,
        ):
            self._passed = False
        learner = item.funcargs.get("learner")
        self._seen = learner.calls if isinstance(learner, Learner) else []

    def _attempt(self, item: pytest.Function, arguments: dict[str, Any]) -> bool:
        """Return whether a mistake passes a test; one that fails may also raise what it likes."""
        session = self.session
        assert session is not None
        # a mistake has to stop before it trains, even if it would be known how that ends
        end = None if "train" in arguments else self._plan.recall(item, session)
        if end is None:
            item.obj(**arguments)
            self._plan.keep(item, session, Outcome.PASSED)
            return True
        return end.outcome is Outcome.PASSED

    def _run(self, session: Session, item: pytest.Function) -> MistakeRun:
        self.session, self._seen = session, None
        try:
            item._initrequest()  # as if it had not run yet
            runtestprotocol(item, log=False, nextitem=None)
        finally:
            self.session = None
        # of a test that it passes no learner's calls are compared with its own
        calls = () if self._passed else _with_fingerprints(self._seen or ())
        return MistakeRun(self._passed, calls)

    def _comparing(self, deadline: float) -> Callable[[str, Calls], Likeness]:
        fingerprinted: dict[str, Calls] = {}

        def comparing(test: str, calls: Calls) -> Likeness:
            if test not in self._traces or time.monotonic() > deadline:
                return Likeness(False, False)
            try:
                with time_limit(COMPARE_SECONDS):
                    if test not in fingerprinted:
                        fingerprinted[test] = _with_fingerprints(self._traces[test])
                    return compare(fingerprinted[test], calls)
            except (TimeLimitExceeded, RecursionError):
                return Likeness(False, False)

        return comparing


def _with_fingerprints(calls: Sequence[Observed]) -> Calls:
    return tuple(fingerprinted(call, fingerprint) for call in calls)
