"""Name relations for the functions of a submission whose failures no known mistake explains."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest

from grader.content.exercise import Function, Mistake
from grader.judge import sentences
from grader.judge.recognition.relating import Found, Trace, is_comparable, relate
from grader.judge.report import NamedMistake, NamedRelation, Outcome, TestResult
from grader.judge.server.plan import Plan
from grader.judge.server.time_limit import TimeLimitExceeded, time_limit
from grader.judge.server.trials import Trials

RELATE_SECONDS = 5.0  # per function
ALL_SECONDS = 20.0  # per submission

_UNTRIED = (Outcome.PASSED, Outcome.NOT_RUN, Outcome.JUDGE_BROKEN)


def name_relations(
    plan: Plan,
    trials: Trials,
    items: dict[str, pytest.Function],
    results: Sequence[TestResult],
    named: Sequence[NamedMistake],
) -> Iterator[NamedMistake | NamedRelation]:
    """Yield a relation per function, as the known mistake that stands for it if there is one.

    `items` are the tests by id, and `named` the mistakes that were recognized.
    """
    deadline = time.monotonic() + ALL_SECONDS
    explained = {test for mistake in named for test in mistake.tests}
    for function in plan.exercise.functions:
        failed = {r.id for r in results if r.function == function.name and r.outcome not in _UNTRIED}
        if not failed or failed & explained or not is_comparable(function) or time.monotonic() > deadline:
            continue
        found = _relate(function, trials.traces(function.name, items))
        if found is not None:
            yield _as_mistake(plan.exercise.mistakes, function, found) or _as_relation(function, found)


def _relate(function: Function, traces: list[Trace]) -> Found | None:
    """Return the relation, or None also if the learner's values cannot be compared or take too long."""
    try:
        with time_limit(RELATE_SECONDS):
            return relate(function, traces)
    except (Exception, TimeLimitExceeded):  # no value of a learner may cost the verdict
        return None


def _as_mistake(mistakes: Sequence[Mistake], function: Function, found: Found) -> NamedMistake | None:
    for each in mistakes:
        is_meant = (each.function, each.relation) == (function.name, found.kind)
        if is_meant and (not each.results or {*each.results} == {*found.results}):
            return NamedMistake(
                id=each.id, misconception=each.misconception, says=each.says, tests=found.tests
            )
    return None


def _as_relation(function: Function, found: Found) -> NamedRelation:
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
        ),
        tests=found.tests,
    )
