"""Run an exercise's tests with pytest and convert the outcomes to test results.

Runs only in the judge process. pytest takes nothing from its surroundings: no ini
file, no conftest, no plug-ins and no cache.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import Struct

from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem
from grader.judge import sentences
from grader.judge.models import TOO_MANY, ModelRefused
from grader.judge.plots import PlotPair
from grader.judge.report import NamedMistake, NamedRelation, Outcome, TestError, TestResult, UnnamedBehavior
from grader.judge.server.apart import Apart
from grader.judge.server.asserts import Mismatch, NotJudged
from grader.judge.server.boundary import survive
from grader.judge.server.cell_outputs import without_control
from grader.judge.server.gates import Gate, LoadVerdict, load_verdict, unreadable
from grader.judge.server.items import (
    ENDINGS,
    arguments_of,
    function_of,
    is_visible,
    test_id,
    title_of,
)
from grader.judge.server.learner import AccompaniedLearner, CallFailed, Learner, LearnerError
from grader.judge.server.plan import Plan
from grader.judge.server.plotted import plot_of
from grader.judge.server.relations import Withdrawn, name_relations
from grader.judge.server.session import Session
from grader.judge.server.test_errors import error_of, fixture_problem
from grader.judge.server.time_limit import LEAST_SECONDS, TimeLimitExceeded, time_limit
from grader.judge.server.training import Trainer
from grader.judge.server.trials import Trials
from grader.judge.server.uncollected import collect_problem

MAX_SHOWN = 2000  # characters of printed output
MAX_SHOWN_LINES = 30
# pytest's own plug-ins that are not needed; each costs time in every test, and
# unraisableexception collects garbage five times at the end, 0.4 s with TensorFlow in memory
_UNUSED = (
    *("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging"),
    *("pastebin", "setuponly", "setupplan", "stepwise", "threadexception", "unraisableexception"),
)


class TestRun(Struct, frozen=True):
    """The results of all tests in order, what explains failures, and how the submission loaded."""

    __test__ = False  # keeps pytest from collecting this class

    tests: tuple[TestResult, ...]
    mistakes: tuple[NamedMistake, ...]
    relations: tuple[NamedRelation, ...]
    loaded: LoadVerdict
    unnamed: tuple[UnnamedBehavior, ...] = ()


def run(plan: Plan) -> TestRun:
    """Run all tests.

    Raises ContentError if the tests cannot be collected, and EnvironmentProblem.
    """
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    files = [str(path) for path in plan.files if path.is_file()]
    options = [
        *("-c", os.devnull, "--rootdir", str(plan.directory), "--noconftest", "--assert=plain"),
        # keeps pytest from searching every directory up to the root
        *("--confcutdir", str(plan.directory)),
        *("--import-mode=importlib", "-q", "--strict-markers", "--capture=sys"),
        *(word for plugin in _UNUSED for word in ("-p", f"no:{plugin}")),
    ]
    plugin = JudgePlugin(plan)
    output = io.StringIO()
    before = set(sys.modules)
    with redirect_stdout(output), redirect_stderr(output):
        code = pytest.main([*options, *files], plugins=[plugin])
    _forget_modules(set(sys.modules) - before, files)  # another thread may be importing
    if plugin.failure is not None:
        raise plugin.failure
    if plugin.problems:
        raise ContentError(plugin.problems)
    if code == pytest.ExitCode.INTERNAL_ERROR:  # the client finds out whether the submission caused it
        raise RuntimeError(f"pytest failed in the judge:\n{output.getvalue().strip()}")
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        file = files[0] if files else str(plan.files[0])
        raise ContentError(
            [Problem(file, 1, f"the tests cannot be run:\n{output.getvalue().strip()}", "fix them")]
        )
    return TestRun(
        tuple(plugin.results),
        tuple(plugin.mistakes),
        tuple(plugin.relations),
        plugin.loaded,
        tuple(plugin.unnamed),
    )


def _forget_modules(names: Iterable[str], files: list[str]) -> None:
    """Forget the test modules, so that the next run reads files that were edited."""
    for name in names:
        if getattr(sys.modules.get(name), "__file__", None) in files:
            del sys.modules[name]


class JudgePlugin:
    """The pytest plug-in.

    It brings the fixtures `learner`, `reference`, `rng` and `train` and the mark `points`,
    and collects the outcomes.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.results: list[TestResult] = []
        self.mistakes: list[NamedMistake] = []
        self.relations: list[NamedRelation] = []
        self.unnamed: list[UnnamedBehavior] = []
        self.problems: list[Problem] = []
        self.failure: CourseError | None = None
        self.loaded = LoadVerdict({})
        self._errors: dict[str, BaseException] = {}  # by the id of what could not be collected
        self._broken_by: dict[str, TestError] = {}
        self._order: dict[str, int] = {}  # of the tests in their files
        self._timeouts: Counter[str] = Counter()
        self._trials = Trials(plan)
        self._apart = Apart(plan)

    # --- collection ---

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n, function): n points for this function of the exercise")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        seen: set[str] = set()
        for item in items:
            problem = self._problem_of(item)
            if problem is None and test_id(item) in seen:
                problem = ("two tests have this name", "rename one")
            seen.add(test_id(item))
            if problem is not None:
                line = (item.location[1] or 0) + 1
                self.problems.append(Problem(str(item.path), line, f"{item.name}: {problem[0]}", problem[1]))
        if self.problems:
            items.clear()
            return
        if only := self.plan.scope.functions:
            items[:] = [item for item in items if function_of(item) in only]
        self._order = {test_id(item): number for number, item in enumerate(items)}
        # all visible tests first: code that has seen a hidden input must not reach a test that shows texts
        items.sort(key=lambda item: (not is_visible(item), self._needs_model(item)))
        self.plan.on_total(len(items))
        try:
            self.loaded = self._load()
        except EnvironmentProblem as problem:
            self.failure = problem
            items.clear()

    def _needs_model(self, item: pytest.Item) -> bool:
        """Return True if the test is of a function that returns a model.

        Such tests run after the others: Keras may still be loading, and other verdicts need not wait.
        """
        function = self.plan.exercise.function(function_of(item))
        return function is not None and "model" in function.returns.values()

    def _load(self) -> LoadVerdict:
        try:
            return load_verdict(self.plan.learner, self.plan.exercise, self.plan.on_cells)
        except CourseError:
            raise
        except Exception:
            self.plan.learner.stop()
            if self.plan.reference is not None:
                load_verdict(self.plan.reference, self.plan.exercise)  # fails too if it is the judge's fault
            return unreadable(self.plan.exercise)

    def _problem_of(self, item: pytest.Item) -> tuple[str, str] | None:
        mark = item.get_closest_marker("points")
        if mark is None or len(mark.args) != 1 or set(mark.kwargs) != {"function"}:
            return "it has no points", 'mark it @pytest.mark.points(2, function="name")'
        if type(mark.args[0]) not in (int, float) or not mark.args[0] > 0:
            return "its points are not a positive number", "give it at least a fraction of a point"
        if self.plan.exercise.function(mark.kwargs["function"]) is None:
            return f"the exercise has no function {mark.kwargs['function']!r}", "name one of exercise.yaml"
        if not title_of(item):
            return "it has no docstring", "its first line is the title that learners see"
        return None

    def pytest_exception_interact(
        self, call: pytest.CallInfo[Any], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            error = call.excinfo.value  # pytest wraps an ImportError
            self._errors[report.nodeid] = error.__cause__ or error

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            file = self.plan.directory / Path(report.nodeid).name
            text = str(report.longrepr).strip().splitlines()[-1]
            told = self.plan.scope.test_errors
            self.problems.append(collect_problem(file, self._errors.get(report.nodeid), text, told=told))

    # --- fixtures ---

    @pytest.fixture
    def learner(self, request: pytest.FixtureRequest) -> Learner:
        """Return the proxy for the submission, or for the mistake that is being tested."""
        session = self._trials.session or self._apart.session or self.plan.learner
        if self._trials.companion is not None:
            return AccompaniedLearner(session, self._trials.companion, self.plan.exercise)
        return Learner(session, self.plan.exercise, is_visible(request.node))

    @pytest.fixture
    def reference(self) -> Learner:
        """Return the proxy for the reference solution, which hidden tests compare the submission with."""
        return self._reference()

    def _reference(self) -> Learner:
        assert self.plan.reference is not None  # kits have no hidden tests
        return Learner(self.plan.reference, self.plan.exercise, visible=False)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Return a generator for this test. Adding another test does not change its numbers."""
        return self._rng(request.node)

    def _rng(self, item: pytest.Item) -> np.random.Generator:
        return np.random.default_rng([self.plan.seed, zlib.crc32(test_id(item).encode())])

    @pytest.fixture
    def train(self) -> Callable[..., Any]:
        """Return the trainer, which trains a copy of a model by a recipe and caches the result."""
        return self._trials.train if self._trials.session else Trainer(self.plan.cache / "training")

    # --- running ---

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        try:
            if self._trials.session is not None:
                self._trials.call(pyfuncitem)
                return True
            if self._apart.session is not None:
                self._apart.call(pyfuncitem)
                return True
            outcome, message = self._run(pyfuncitem)
            survive(lambda: self.plan.keep(pyfuncitem, self.plan.learner, outcome, message), None)
        except EnvironmentProblem as problem:
            self.failure = problem
            pytest.exit("the judge cannot continue")
        if outcome is Outcome.TIMED_OUT:
            self._timeouts[function_of(pyfuncitem)] += 1
        if outcome is not Outcome.PASSED:
            self._trials.keep(test_id(pyfuncitem), pyfuncitem)
        self._report(pyfuncitem, outcome, message)
        survive(lambda: self._show_figure(pyfuncitem), None)
        if self.plan.scope.until_failure and outcome not in (Outcome.PASSED, Outcome.JUDGE_BROKEN):
            pyfuncitem.session.shouldfail = "one failure is enough"  # ends the loop, so nothing is recognized
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        done = yield
        self.results.sort(key=lambda result: self._order[result.id])
        items = {test_id(item): item for item in session.items if isinstance(item, pytest.Function)}
        try:
            self.results = survive(
                lambda: self._apart.judge(items, self.results, self.loaded.gates), self.results
            )
            self.mistakes = survive(lambda: self._trials.recognize(items, self.results), [])
            survive(lambda: self._name_relations(items), None)
            if self.plan.scope.behaviors:
                survive(self._digest_unnamed, None)
        except CourseError as problem:
            self.failure = problem
        return done

    def _name_relations(self, items: dict[str, pytest.Function]) -> None:
        for each in name_relations(self.plan, self._trials, items, self.results, [*self.mistakes]):
            if isinstance(each, Withdrawn):
                self.mistakes = [mistake for mistake in self.mistakes if mistake.id != each.mistake]
            elif isinstance(each, NamedMistake):
                self.mistakes.append(each)
            else:
                self.relations.append(each)

    def _digest_unnamed(self) -> None:
        named = {test for mistake in self.mistakes for test in mistake.tests}
        named |= {test for relation in self.relations for test in relation.tests}
        self.unnamed = self._trials.unnamed(self.results, named)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        # a fixture failed, so the test body never ran
        is_first_run = self._trials.session is None and self._apart.session is None
        if is_first_run and call.when == "setup" and call.excinfo is not None:
            problem = fixture_problem(item, call.excinfo.value, told=self.plan.scope.test_errors)
            self.problems.append(problem)

    def _run(self, item: pytest.Function) -> Gate:
        """Run a test. Whatever it raises becomes its outcome, except an EnvironmentProblem."""
        learner: Learner | None = arguments_of(item).get("learner")
        try:
            return self._attempt(item, learner)
        except EnvironmentProblem:
            raise
        except (Exception, pytest.skip.Exception, pytest.xfail.Exception) as error:
            return self._blame(item, learner, error)

    def _attempt(self, item: pytest.Function, learner: Learner | None) -> Gate:
        function = function_of(item)
        if function in self.loaded.gates:
            return self.loaded.gates[function]
        if self._timeouts[function] >= 2:
            return Outcome.TIMED_OUT, sentences.not_tried_again(function)
        if self.plan.learner.out_of_time:
            self.plan.learner.disturbed = True
            return Outcome.TIMED_OUT, sentences.out_of_time()
        try:
            left, limit = self.plan.learner.seconds_left, self.plan.learner.limits.test
            with time_limit(min(left + LEAST_SECONDS, limit)):
                end = None if self._shows_figures(item) else self.plan.recall(item, self.plan.learner)
                if end is not None:
                    return end.outcome, end.message
                item.obj(**arguments_of(item))
        except TimeLimitExceeded:
            self.plan.learner.disturbed = True
            self.plan.learner.stop()
            if left < limit:
                return Outcome.TIMED_OUT, sentences.out_of_time_here()
            return Outcome.TIMED_OUT, sentences.test_timed_out(limit)
        except CallFailed as failure:
            if is_visible(item) and learner is not None and isinstance(failure, LearnerError):
                learner.show(failure)
            return failure.outcome, self._with_context(failure.message, item, learner)
        except Mismatch as mismatch:
            details = mismatch.details if is_visible(item) else ""
            message = mismatch.message + (f"\n{details}" if details else "")
            outcome = Outcome.NOT_JUDGED if isinstance(mismatch, NotJudged) else Outcome.FAILED
            return outcome, self._with_context(message, item, learner, mismatch.value)
        except ModelRefused:  # while it predicted; Keras has put its own text around the reason
            return Outcome.FAILED, self._with_context(sentences.refused_model(TOO_MANY, ""), item, learner)
        except (AssertionError, pytest.fail.Exception) as error:
            message = self._assertion_message(item, error)
            # a plain assertion says nothing about what came back
            if learner is not None and learner.returned and learner.returned not in message:
                message = f"{message}\nreturned {learner.returned}".strip()
            return Outcome.FAILED, self._with_context(message, item, learner)
        return Outcome.PASSED, ""

    def _assertion_message(self, item: pytest.Item, error: BaseException) -> str:
        """Return the message of an assertion if the test wrote it. A library's text would show the data."""
        frames = traceback.extract_tb(error.__traceback__)
        if isinstance(error, pytest.fail.Exception):
            frames.pop()  # pytest.fail itself
        written_here = frames[-1].filename == str(item.path)
        return str(error).strip() if written_here or is_visible(item) else ""

    def _blame(self, item: pytest.Function, learner: Learner | None, error: BaseException) -> Gate:
        """Return the outcome after the test itself raised an unexpected exception.

        If the reference solution passes the test, the learner's values are the cause. A kit
        has no solution, but its tests were validated before.
        """
        self.plan.learner.stop()  # the worker must not take resources from the reference solution
        traceback.clear_frames(error.__traceback__)  # nor must the values that the test held
        if self.plan.reference is not None and not self._run_again(item, self.plan.reference)[0]:
            found = error_of(error, item.path)
            self._broken_by[test_id(item)] = found
            where = f"{type(error).__name__} in {item.path.name}, line {found.line}"
            return Outcome.JUDGE_BROKEN, sentences.judge_broken(where)
        if isinstance(error, MemoryError):
            message = sentences.too_large(function_of(item))
            return Outcome.OUT_OF_MEMORY, self._with_context(message, item, learner)
        message = sentences.unusable(function_of(item))
        return Outcome.ERROR, self._with_context(message, item, learner)

    def _run_again(self, item: pytest.Function, session: Session) -> tuple[bool, Learner]:
        """Run the test on another submission, with the same inputs. Return True if it passes."""
        again, learner = arguments_of(item), Learner(session, self.plan.exercise, is_visible(item))
        if "learner" in again:
            again["learner"] = learner
        if "reference" in again:
            again["reference"] = self._reference()
        if "rng" in again:
            again["rng"] = self._rng(item)
        try:
            item.obj(**again)
        except MemoryError:
            raise EnvironmentProblem(
                "the judge has no memory left for the reference solution — close other programs and try again"
            ) from None
        except ENDINGS:
            return False, learner
        return True, learner

    def _shows_figures(self, item: pytest.Function) -> bool:
        """Return True if figures of this test are wanted. Its body must then run."""
        return self.plan.on_figure is not None and is_visible(item)

    def _show_figure(self, item: pytest.Function) -> None:
        """Send the first figure that a visible test received, with the reference solution's."""
        learner = item.funcargs.get("learner")
        if self.plan.on_figure is None or not isinstance(learner, Learner) or learner.first_figure is None:
            return
        call, function, figure = learner.first_figure
        reference = None
        if self.plan.reference is not None:
            its = self._run_again(item, self.plan.reference)[1].first_figure
            reference = plot_of(its[2]) if its is not None and its[0] == call else None
        self.plan.on_figure(PlotPair(title_of(item), function, plot_of(figure), reference))

    def _with_context(
        self, message: str, item: pytest.Item, learner: Learner | None, value: Any = None
    ) -> str:
        """Add the call and the printed output to the message of a visible test. `value` is the wrong one."""
        if not is_visible(item) or learner is None:
            return message
        parts = [message]
        if learner.call and learner.call not in message:
            parts.append(learner.shown_calls.line(value))
        if learner.printed.strip():
            parts.append(f"printed:\n{_first_lines(learner.printed.strip())}")
        return "\n".join(filter(None, parts))

    def _report(self, item: pytest.Item, outcome: Outcome, message: str) -> None:
        mark = item.get_closest_marker("points")
        assert mark is not None
        points = 0.0 if outcome is Outcome.JUDGE_BROKEN else float(mark.args[0])
        result = TestResult(
            id=test_id(item),
            function=function_of(item),
            title=title_of(item),
            outcome=outcome,
            points=points,
            score=points if outcome is Outcome.PASSED else 0.0,
            message=without_control(message),
            visible=is_visible(item),
            error=self._broken_by.get(test_id(item)) if self.plan.scope.test_errors else None,
        )
        self.results.append(result)
        self.plan.on_test(result)


def _first_lines(printed: str) -> str:
    """Return the start of a printed text, so that it does not push the message off the screen."""
    shown = "\n".join(printed[:MAX_SHOWN].split("\n")[:MAX_SHOWN_LINES])
    return shown if shown == printed else f"{shown}\n…"
