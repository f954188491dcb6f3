"""Name what is wrong with the functions of a submission whose failures no single known mistake explains.

These are two known mistakes, a mistake in one branch, a relation, or a mistake and a relation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import pytest

from grader.content.exercise import Function, Mistake
from grader.judge import sentences
from grader.judge.recognition.mixtures import Known, Part, accounts_for_all, mix, outdone, relate_after
from grader.judge.recognition.relating import Found, Trace, is_comparable, relate
from grader.judge.report import NamedMistake, NamedRelation, Outcome, TestResult
from grader.judge.server.boundary import survive
from grader.judge.server.plan import Plan
from grader.judge.server.time_limit import time_limit
from grader.judge.server.trials import Trials, fingerprint_all

RELATE_SECONDS = 5.0  # per function and way to explain it
ALL_SECONDS = 20.0  # per submission

_UNTRIED = (Outcome.PASSED, Outcome.NOT_RUN, Outcome.JUDGE_BROKEN)


class Withdrawn(NamedTuple):
    """A recognized mistake that another one outdoes, so that it must not be named."""

    mistake: str  # its id


Named = NamedMistake | NamedRelation | Withdrawn
T = TypeVar("T")


def name_relations(
    plan: Plan,
    trials: Trials,
    items: dict[str, pytest.Function],
    results: Sequence[TestResult],
    named: Sequence[NamedMistake],
) -> Iterator[Named]:
    """Yield what explains the failures of each function that `named` leaves open, and what it withdraws.

    `items` are the tests by id, and `named` the recognized mistakes. A relation is yielded
    as the known mistake that stands for it, if there is one.
    """
    deadline = time.monotonic() + ALL_SECONDS
    explained = {test for mistake in named for test in mistake.tests}
    # models last: to run mistakes on them takes long, and must not use up the time of the others
    for function in sorted(plan.exercise.functions, key=lambda each: not is_comparable(each)):
        failed = {r.id for r in results if r.function == function.name and r.outcome not in _UNTRIED}
        has_mistakes = any(
            mistake.function == function.name and mistake.relation is None
            for mistake in plan.exercise.mistakes
        )
        if failed <= explained or time.monotonic() > deadline:
            continue
        if not (has_mistakes or is_comparable(function)):
            continue  # there is nothing to compare with
        traces = trials.traces(function.name, items)
        case = _Case(
            function, traces, partial(trials.known, function.name, items, traces, deadline), deadline
        )
        if failed & explained:
            yield from _others(case, named)
        else:
            yield from _explain(case, plan.exercise.mistakes)


class _Case(NamedTuple):
    """A function that failed, and what is needed to explain it until `deadline`."""

    function: Function
    traces: list[Trace]
    run_mistakes: Callable[[], list[Known]]
    deadline: float

    def bounded(self, call: Callable[[], T]) -> T | None:
        """Return the result, or None also if the learner's values cannot be compared or take too long."""

        def in_time() -> T:
            with time_limit(min(RELATE_SECONDS, self.deadline - time.monotonic())):
                return call()

        return survive(in_time, None)

    def related(self) -> Found | None:
        """Return the relation of the function to the reference solution."""
        if not is_comparable(self.function):
            return None
        return self.bounded(partial(relate, self.function, self.traces))

    def mixed(self, known: list[Known]) -> list[Part]:
        """Return the mistakes that together explain all that is wrong."""
        if not known:
            return []
        traces = self.traces
        return self.bounded(lambda: mix(self.function, [*map(_with_fingerprints, traces)], known)) or []

    def outdone(self, known: list[Known]) -> set[str]:
        """Return the ids of mistakes that explain less than a mistake of another idea."""
        traces = self.traces
        return (
            self.bounded(lambda: outdone(self.function, [*map(_with_fingerprints, traces)], known)) or set()
        )


def _explain(case: _Case, mistakes: Sequence[Mistake]) -> list[Named]:
    """Return what explains a function's failures. Known mistakes run only if a relation leaves doubt."""
    function, traces = case.function, case.traces
    found = case.related()
    as_relation: list[Named] = (
        [_as_mistake(mistakes, function, found) or _as_relation(function, found)] if found else []
    )
    if found and not found.sometimes and case.bounded(partial(accounts_for_all, function, traces, found)):
        return as_relation
    known = case.run_mistakes()
    if parts := case.mixed(known):
        return [_as_named(part) for part in parts]
    if is_comparable(function) and (both := case.bounded(partial(relate_after, function, traces, known))):
        part, found = both
        second = _as_mistake(mistakes, function, found) or _as_relation(function, found, is_second=True)
        return [_as_named(part), second]
    return as_relation


def _others(case: _Case, named: Sequence[NamedMistake]) -> list[Named]:
    """Return the mistakes that, with those of `named`, explain all of the function's failures.

    If there are none, return those of `named` that are a less likely part of what is wrong than another.
    """
    known = case.run_mistakes()
    ids = {each.id for each in named} & {each.mistake.id for each in known}
    parts = case.mixed(known)
    if not ids <= {part.mistake.id for part in parts}:
        return [Withdrawn(id_) for id_ in ids & case.outdone(known)]
    return [_as_named(part) for part in parts if part.mistake.id not in ids]


def _with_fingerprints(trace: Trace) -> Trace:
    return Trace(trace.test, fingerprint_all(trace.mine), fingerprint_all(trace.right))


def _as_named(part: Part) -> NamedMistake:
    mistake = part.mistake
    return NamedMistake(
        id=mistake.id, misconception=mistake.misconception, says=mistake.says, tests=part.tests
    )


def _as_mistake(mistakes: Sequence[Mistake], function: Function, found: Found) -> NamedMistake | None:
    for each in mistakes:
        is_meant = (each.function, each.relation) == (function.name, found.kind)
        if is_meant and (not each.results or {*each.results} == {*found.results}):
            return _as_named(Part(each, found.tests))
    return None


def _as_relation(function: Function, found: Found, is_second: bool = False) -> NamedRelation:
    return NamedRelation(
        function=function.name,
        relation=found.kind,
        results=found.results,
        says=sentences.relation(
            found.kind,
            function,
            found.results,
            argument=found.argument,
            other=found.other,
            side=found.side,
            together=found.together,
            sometimes=found.sometimes,
            is_second=is_second,
        ),
        tests=found.tests,
    )
