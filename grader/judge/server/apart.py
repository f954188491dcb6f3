"""Judge functions apart: one that calls another one which is wrong should not fail because of it.

A function's failed tests run again, in a new worker, with the reference solution in the
place of the other functions that failed. The worker holds proxies for these. It sends
their arguments to the judge and receives the reference's values, never its source.
Learner code sees these values, so nothing of this run is shown or kept, except that a
test passed.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from grader.content.exercise import Function
from grader.errors import EnvironmentProblem
from grader.judge.report import Outcome, TestResult
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.server import source_names
from grader.judge.server.items import ENDINGS, arguments_of, run_again, test_id
from grader.judge.server.learner import CallFailed
from grader.judge.server.plan import Plan
from grader.judge.server.roots import costs_points, improved
from grader.judge.server.session import Session
from grader.judge.server.time_limit import LEAST_SECONDS, TimeLimitExceeded, time_limit
from grader.judge.wire import messages as m
from grader.judge.wire.values import decode

MAX_ASKED = 10_000  # calls of replaced functions in one test
MAX_ASKED_BYTES = 50_000_000  # bytes of arguments and values of these calls

Proxy = Callable[..., Any]


class _NoAnswer(BaseException):
    """A replaced function was called too often, or the reference cannot answer. Ends the test.

    It is not an Exception, so that neither a test nor the session catches it.
    """


def is_replaceable(function: Function) -> bool:
    """Return True if the judge can send the function's values to a worker: models and figures it cannot."""
    return not {"model", "figure"} & {*function.returns.values()}


class Apart:
    """The second run of tests that may have failed because of another function."""

    def __init__(self, plan: Plan) -> None:
        self.session: Session | None = None  # of the submission with functions replaced, during a second run
        self._plan = plan
        self._passed: bool | None = False
        self._asked: set[str] = set()  # functions that were called in the running test
        self._left = 0  # calls of them that are left
        self._room = 0  # bytes that both sessions may have received

    def judge(
        self,
        items: Mapping[str, pytest.Function],
        results: Sequence[TestResult],
        untestable: Iterable[str],
    ) -> list[TestResult]:
        """Return the results, those of a second run where it is better. `items` are the tests by id.

        Functions in `untestable` failed for reasons of their own.
        """
        passed: dict[str, set[str]] = {}  # by test: the functions that were replaced and called
        asked: dict[str, set[str]] = {}  # by function: those that any of its tests called
        wrong = {result.function for result in results if costs_points(result)}
        for function in sorted(wrong - {*untestable}):
            failed = [items[r.id] for r in results if r.function == function and costs_points(r)]
            if others := self._replaced(function, wrong, failed):
                found = self._run_again(failed, others)
                passed |= {test: names for test, (ok, names) in found.items() if ok and names}
                asked[function] = set().union(*(names for _, names in found.values()))
        return improved(results, passed, asked)

    def call(self, item: pytest.Function) -> None:
        """Run a test's body and store whether it passed; None if it took too much.

        Raises EnvironmentProblem.
        """
        session = self.session
        assert session is not None
        arguments = arguments_of(item)
        try:
            with time_limit(min(session.seconds_left + LEAST_SECONDS, session.limits.test)):
                item.obj(**arguments)
            self._passed = True
        except EnvironmentProblem:
            raise
        except (TimeLimitExceeded, _NoAnswer):
            self._passed = None
        except CallFailed as failure:
            self._passed = None if failure.outcome is Outcome.TIMED_OUT else False
        except ENDINGS:
            self._passed = False
        if not self._passed:
            session.stop()  # a call may still be running

    def _replaced(
        self, function: str, wrong: set[str], failed: Sequence[pytest.Function]
    ) -> dict[str, Proxy]:
        """Return proxies for the other wrong functions, or {} if none of them is used."""
        reference = self._plan.reference
        others = [
            each.name
            for each in self._plan.exercise.functions
            if each.name in wrong - {function} and is_replaceable(each)
        ]
        if reference is None or not others:
            return {}
        source = "\n".join(source_names.code(cell.source) for cell in self._plan.learner.sources)
        used = source_names.used_by(function, source)
        for item in failed:
            used.update(getattr(getattr(item.function, "__code__", None), "co_names", ()))
        return {name: self._proxy(reference, name) for name in others} if used & {*others} else {}

    def _proxy(self, reference: Session, name: str) -> Proxy:
        def ask(*args: Any, **kwargs: Any) -> Any:
            self._asked.add(name)
            self._left -= 1
            assert self.session is not None
            if self._left < 0 or self.session.received + reference.received > self._room:
                raise _NoAnswer
            try:
                reply = reference.call(name, args, kwargs)
            except (WorkerTimedOut, WorkerCrashed, EnvironmentProblem):
                raise _NoAnswer from None
            if isinstance(reply, m.Raised):
                raise _error(reply, f"{name} does not accept these arguments")
            return decode(reply.value)

        return ask

    def _run_again(
        self, failed: Sequence[pytest.Function], replaced: Mapping[str, Proxy]
    ) -> dict[str, tuple[bool, set[str]]]:
        """Run the failed tests of one function. Return which passed, and which functions each called."""
        self._plan.learner.stop()  # its worker would only take memory
        found: dict[str, tuple[bool, set[str]]] = {}
        reference = self._plan.reference
        assert reference is not None
        with reference.keeping_nothing(), self._plan.learner_with(replaced) as self.session:
            try:
                for item in failed:
                    self._begin_test()
                    run_again(item)
                    found[test_id(item)] = self._passed is True, self._asked
                    if self._passed is None or self.session.out_of_time:
                        break
            finally:
                self.session = None
        return found

    def _begin_test(self) -> None:
        session, reference = self.session, self._plan.reference
        assert session is not None and reference is not None
        reference.new_test()
        self._passed, self._asked = False, set()
        self._left, self._room = MAX_ASKED, session.received + reference.received + MAX_ASKED_BYTES


def _error(raised: m.Raised, text: str) -> Exception:
    """Return an exception of the nearest built-in class. The reference's own text may hold anything."""
    for name in raised.bases:
        kind = getattr(builtins, name)
        if issubclass(kind, Exception):
            try:
                error: Exception = kind(text)
                return error
            except TypeError:  # such as a UnicodeDecodeError, which needs more than a text
                continue
    return RuntimeError(text)
