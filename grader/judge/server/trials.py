"""Run tests on known mistakes and compare the calls with the learner's. The runs are cached."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NoReturn

import pytest

from grader.content.exercise import Mistake
from grader.content.libraries import installed
from grader.content.yaml_core import read_text
from grader.errors import EnvironmentProblem
from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.recognition.behavior import Likeness, Observed, compare, with_fingerprints
from grader.judge.recognition.digest import digest
from grader.judge.recognition.fingerprint import fingerprint
from grader.judge.recognition.mixtures import Known
from grader.judge.recognition.naming import Calls, MistakeRun, RunOn, recognize
from grader.judge.recognition.relating import Trace
from grader.judge.report import NamedMistake, Outcome, TestResult, UnnamedBehavior
from grader.judge.server.items import ENDINGS, arguments_of, function_of, run_again
from grader.judge.server.learner import AccompaniedLearner, Learner
from grader.judge.server.plan import Plan
from grader.judge.server.session import Session
from grader.judge.server.time_limit import TimeLimitExceeded, time_limit

MAX_COMPARED = 200_000_000  # bytes of recorded calls of all failed tests
COMPARE_SECONDS = 10.0  # per comparison
RECOGNIZE_SECONDS = 60.0  # per submission

_NOT_FAILED = (Outcome.PASSED, Outcome.NOT_RUN, Outcome.NOT_JUDGED, Outcome.JUDGE_BROKEN)


class _TrainingReached(BaseException):
    """A test on a mistake is about to train a model, which takes seconds. Stops the run.

    It is not an Exception, so that no test can catch it.
    """


class Trials:
    """A comparison of a submission with the known mistakes of its exercise, within its test run."""

    def __init__(self, plan: Plan) -> None:
        self.session: Session | None = None  # the session of the mistake that is being tested, if any
        self.companion: Session | None = None  # a session that receives the same calls, if any
        self._plan = plan
        self._room = MAX_COMPARED
        self._recorded: dict[str, Calls] = {}
        self._passed: bool | None = False
        self._seen: list[Observed] | None = None

    def keep(self, test: str, item: pytest.Function) -> None:
        """Keep the calls of a failed test for comparison, if there is room."""
        learner = item.funcargs.get("learner")
        # without a call, as with a blank function, there is nothing to compare
        if isinstance(learner, Learner) and learner.calls and learner.size <= self._room:
            self._room -= learner.size
            self._recorded[test] = tuple(learner.calls)

    def train(self, *_: Any) -> NoReturn:
        """Replace the fixture `train`: stop the run."""
        raise _TrainingReached

    def recognize(
        self, items: dict[str, pytest.Function], results: Sequence[TestResult]
    ) -> list[NamedMistake]:
        """Name the known mistakes that the submission behaves like. `items` are the tests by id."""
        if not self._recorded:
            return []
        named = []
        compare = self._comparing(time.monotonic() + RECOGNIZE_SECONDS)
        for function in self._plan.exercise.functions:
            mine = [result for result in results if result.function == function.name]
            if any(result.id in self._recorded for result in mine):
                mistakes = self._mistakes(function.name)
                named += recognize(mistakes, mine, compare, lambda mistake: self._open_runner(mistake, items))
        return named

    def unnamed(self, results: Sequence[TestResult], named: Collection[str]) -> list[UnnamedBehavior]:
        """Return the behavior of each function of whose failed tests none is in `named`."""
        found = []
        for function in self._plan.exercise.functions:
            failed = [r.id for r in results if r.function == function.name and r.outcome not in _NOT_FAILED]
            calls = {test: self._recorded[test] for test in failed if test in self._recorded}
            if not calls or {*failed} & {*named}:
                continue
            with suppress(Exception, TimeLimitExceeded), time_limit(COMPARE_SECONDS):
                each = [(test, fingerprint_all(calls.get(test, ()))) for test in failed]
                found.append(
                    UnnamedBehavior(function=function.name, digest=digest(each), tests=tuple(failed))
                )
        return found

    def traces(self, function: str, items: dict[str, pytest.Function]) -> list[Trace]:
        """Return the calls of a function's failed tests, with those of the reference solution."""
        plan = self._plan
        tests = [test for test in self._recorded if function_of(items[test]) == function]
        if plan.reference is None or not tests:
            return []
        found = []
        for test in tests:
            passed = self._try(plan.reference, items[test])
            if self._seen is None:
                return []  # the run was aborted
            # a test that stopped before training still shows the calls before it
            found.append(Trace(test, self._recorded[test], self._seen if passed is not False else ()))
        return found

    def known(
        self, function: str, items: dict[str, pytest.Function], traces: Sequence[Trace], deadline: float
    ) -> list[Known]:
        """Return the calls that a function's known mistakes make in these tests, or [] after the deadline.

        Mistakes that a relation stands for are left out.
        """
        plan = self._plan
        memory: DiskCache[dict[str, Calls]] = DiskCache(plan.cache / "mistake-calls", dict[str, Calls])
        found = []
        for mistake in self._mistakes(function):
            key = self._key(mistake)
            calls = memory.recall(key) or {}
            missing = [trace for trace in traces if trace.test not in calls]
            if missing:
                try:
                    with plan.session_of(mistake) as session:
                        for trace in missing:
                            if time.monotonic() > deadline:
                                return []  # an explanation counts only if it is the only one
                            run = self._calls(session, items[trace.test], trace)
                            if run is None:
                                return []
                            calls[trace.test] = run
                finally:
                    memory.keep(key, calls)
            found.append(Known(mistake, calls))
        return found

    def _calls(self, session: Session, item: pytest.Function, trace: Trace) -> Calls | None:
        """Return the calls that a mistake makes in a test, also beyond its first failure.

        Return None if the run was aborted.
        """
        reference = self._plan.reference
        assert reference is not None  # otherwise there are no traces
        calls: Calls = ()
        if any(call.callbacks for call in trace.right):
            # the callables of a test may behave differently if two programs call them
            self._try(session, item)
            calls = tuple(self._seen or ())
        if len(calls) < len(trace.right):
            self.companion = session
            try:
                self._try(reference, item)
            finally:
                self.companion = None
            calls += tuple(self._seen or ())[len(calls) :]
        return None if self._seen is None else fingerprint_all(calls)

    def _key(self, mistake: Mistake) -> str:
        """Return under what the runs of a mistake are stored. Edits of other mistakes do not matter."""
        plan = self._plan
        code = read_text(plan.directory / mistake.file)
        return key_of(plan.tests_version, plan.seed, mistake.id, code, *installed(plan.exercise.libraries))

    def _mistakes(self, function: str) -> list[Mistake]:
        """Return the known mistakes of a function that are recognized by running tests on them."""
        known = self._plan.exercise.mistakes
        return [each for each in known if each.function == function and each.relation is None]

    @contextmanager
    def _open_runner(self, mistake: Mistake, items: dict[str, pytest.Function]) -> Iterator[RunOn]:
        """Yield a function that runs a test on this mistake, or returns the result of an earlier run."""
        plan = self._plan
        memory: DiskCache[dict[str, MistakeRun]] = DiskCache(
            plan.cache / "mistake-runs", dict[str, MistakeRun]
        )
        key = self._key(mistake)
        runs = memory.recall(key) or {}
        known = len(runs)
        with ExitStack() as open_session:
            session: Session | None = None

            def run(test: str) -> MistakeRun:
                nonlocal session
                if test not in runs:
                    session = session or open_session.enter_context(plan.session_of(mistake))
                    mistake_run = self._run(session, items[test])
                    if self._seen is None:  # the run was aborted, so its result is not kept
                        return mistake_run
                    runs[test] = mistake_run
                return runs[test]

            yield run
        if len(runs) > known:
            memory.keep(key, runs)

    def call(self, item: pytest.Function) -> None:
        """Run a test's body on a mistake and store whether it passed. Raises EnvironmentProblem."""
        arguments = arguments_of(item)
        try:
            with time_limit(self._plan.learner.limits.test):
                self._passed = self._attempt(item, arguments)
        except _TrainingReached:
            self._passed = None
        except EnvironmentProblem:
            raise
        except TimeLimitExceeded:
            self._passed = False
        except ENDINGS:
            self._passed = False
        learner = item.funcargs.get("learner")
        if isinstance(learner, AccompaniedLearner):
            learner = learner.companion
        self._seen = learner.calls if isinstance(learner, Learner) else []

    def _attempt(self, item: pytest.Function, arguments: dict[str, Any]) -> bool:
        """Return True if a mistake passes a test. A failing test may also raise any exception."""
        session = self.session
        assert session is not None
        if session is self._plan.reference:
            # the fixture `reference` has the same session, so the messages are those of no other submission
            item.obj(**arguments)
            return True
        # a run on a mistake must stop before training, even if its outcome is known
        end = None if "train" in arguments else self._plan.recall(item, session)
        if end is None:
            item.obj(**arguments)
            self._plan.keep(item, session, Outcome.PASSED)
            return True
        return end.outcome is Outcome.PASSED

    def _run(self, session: Session, item: pytest.Function) -> MistakeRun:
        passed = self._try(session, item)
        # the calls of a test that the mistake passes are never compared
        calls = () if passed else fingerprint_all(self._seen or ())
        return MistakeRun(passed, calls)

    def _try(self, session: Session, item: pytest.Function) -> bool | None:
        """Run a test on another submission. Return whether it passed, or None if it was stopped."""
        self.session, self._seen = session, None
        try:
            run_again(item)
        finally:
            self.session = None
        return self._passed

    def _comparing(self, deadline: float) -> Callable[[str, Calls], Likeness]:
        learner_calls: dict[str, Calls] = {}

        def comparing(test: str, calls: Calls) -> Likeness:
            if test not in self._recorded or time.monotonic() > deadline:
                return Likeness(False, False)
            try:
                with time_limit(COMPARE_SECONDS):
                    if test not in learner_calls:
                        learner_calls[test] = fingerprint_all(self._recorded[test])
                    return compare(learner_calls[test], calls)
            except (Exception, TimeLimitExceeded):  # no value of a learner may cost the verdict
                return Likeness(False, False)

        return comparing


def fingerprint_all(calls: Sequence[Observed]) -> Calls:
    """Return calls with their models replaced by fingerprints."""
    return tuple(with_fingerprints(call, fingerprint) for call in calls)
