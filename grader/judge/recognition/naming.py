"""Name the known mistake that behaves like a function in every test that the mistake fails.

A mistake needs no matcher, because it is an implementation itself. The tests run on
it, and its calls are compared with those of the learner's function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from msgspec import Struct

from grader.content.exercise import Mistake
from grader.judge.recognition.behavior import Likeness, Observed
from grader.judge.report import NamedMistake, Outcome, TestResult

Calls = tuple[Observed, ...]


class MistakeRun(Struct, frozen=True):
    """One test run on a mistake. `passed` is None if the run was stopped before its end."""

    passed: bool | None
    calls: Calls


RunOn = Callable[[str], MistakeRun]  # runs the test with this id on a mistake


class _Explanation(NamedTuple):
    mistake: Mistake
    tests: frozenset[str]


def recognize(
    mistakes: Iterable[Mistake],
    results: Sequence[TestResult],
    compare: Callable[[str, Calls], Likeness],
    runner_of: Callable[[Mistake], AbstractContextManager[RunOn]],
) -> list[NamedMistake]:
    """Return the mistakes that explain why one function's tests failed.

    `results` are all of that function. `compare(test, calls)` compares the learner's
    calls in a failed test with `calls`. `runner_of` opens a function that runs a test
    on a mistake.

    A mistake is ruled out if it fails a test that the learner passed, or a test in
    which the learner's function behaved differently. The mistake that explains the
    most tests comes first. Another one is named only if it explains further tests.
    """
    unknown = (Outcome.JUDGE_BROKEN, Outcome.NOT_JUDGED)
    judged = [result for result in results if result.outcome not in unknown]
    # failed tests first, because one run of these rules out most mistakes
    judged.sort(key=lambda result: result.outcome is Outcome.PASSED)
    explanations = []
    for mistake in mistakes:
        with runner_of(mistake) as run:
            explanations.append(_explain(mistake, judged, compare, run))
    candidates = sorted((each for each in explanations if each.tests), key=lambda each: -len(each.tests))
    named: list[NamedMistake] = []
    open_tests = {test for each in candidates for test in each.tests}
    for each in candidates:
        rivals = [c for c in candidates if c.tests == each.tests and c.mistake is not each.mistake]
        same_idea = all(c.mistake.misconception == each.mistake.misconception for c in rivals)
        if each.tests & open_tests and same_idea:
            named.append(_named(each, [result.id for result in results]))
        open_tests -= each.tests
    return named


def _explain(
    mistake: Mistake,
    judged: Sequence[TestResult],
    compare: Callable[[str, Calls], Likeness],
    run: RunOn,
) -> _Explanation:
    tests: set[str] = set()
    sure = False
    for result in judged:
        if result.outcome is Outcome.PASSED and not tests:
            break  # the mistake explains no failed test
        mistake_run = run(result.id)
        if mistake_run.passed:
            continue
        if result.outcome is not Outcome.PASSED:
            likeness = compare(result.id, mistake_run.calls)
            if likeness.same:
                tests.add(result.id)
                sure |= likeness.sure
                continue
        if mistake_run.passed is False:
            return _Explanation(mistake, frozenset())
    return _Explanation(mistake, frozenset(tests) if sure else frozenset())


def _named(each: _Explanation, order: Sequence[str]) -> NamedMistake:
    mistake = each.mistake
    return NamedMistake(
        id=mistake.id,
        misconception=mistake.misconception,
        says=mistake.says,
        tests=tuple(test for test in order if test in each.tests),
    )
