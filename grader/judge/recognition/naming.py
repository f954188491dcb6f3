"""Which known mistake a function shows: the one that behaves like it in every test that the mistake fails.

A mistake needs no matcher, because it is an implementation: the same tests are
run on it, and what it does is compared with what the learner's function did.
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
    """One test with a mistake in the learner's place; `passed` is None if it was left before its end."""

    passed: bool | None
    calls: Calls


RunOn = Callable[[str], MistakeRun]  # runs a test, by its id


class _Explained(NamedTuple):
    mistake: Mistake
    tests: frozenset[str]


def recognize(
    mistakes: Iterable[Mistake],
    results: Sequence[TestResult],
    compare: Callable[[str, Calls], Likeness],
    tried: Callable[[Mistake], AbstractContextManager[RunOn]],
) -> list[NamedMistake]:
    """Return the mistakes that explain why one function's tests failed.

    `results` are all of that function; `compare(test, calls)` tells whether the
    learner's calls in a failed test were like these; `tried` gives what runs a test on a mistake.

    A mistake is out if it fails a test that the learner passed, or one in which
    the learner's function did something else. Of the others the one that
    explains most comes first; a further one is named if it explains more.
    """
    judged = [result for result in results if result.outcome is not Outcome.JUDGE_BROKEN]
    # failed tests first: they rule most mistakes out, at the price of one run each
    judged.sort(key=lambda result: result.outcome is Outcome.PASSED)
    found = []
    for mistake in mistakes:
        with tried(mistake) as run:
            found.append(_explained(mistake, judged, compare, run))
    candidates = sorted((each for each in found if each.tests), key=lambda each: -len(each.tests))
    named: list[NamedMistake] = []
    open_tests = {test for each in candidates for test in each.tests}
    for each in candidates:
        rivals = [c for c in candidates if c.tests == each.tests and c.mistake is not each.mistake]
        same_idea = all(c.mistake.misconception == each.mistake.misconception for c in rivals)
        if each.tests & open_tests and same_idea:
            named.append(_named(each, [result.id for result in results]))
        open_tests -= each.tests
    return named


def _explained(
    mistake: Mistake,
    judged: Sequence[TestResult],
    compare: Callable[[str, Calls], Likeness],
    run: RunOn,
) -> _Explained:
    tests: set[str] = set()
    sure = False
    for result in judged:
        if result.outcome is Outcome.PASSED and not tests:
            break  # it explains nothing
        tried = run(result.id)
        if tried.passed:
            continue
        if result.outcome is not Outcome.PASSED:
            likeness = compare(result.id, tried.calls)
            if likeness.same:
                tests.add(result.id)
                sure |= likeness.sure
                continue
        if tried.passed is False:
            return _Explained(mistake, frozenset())
    return _Explained(mistake, frozenset(tests) if sure else frozenset())


def _named(each: _Explained, order: Sequence[str]) -> NamedMistake:
    mistake = each.mistake
    return NamedMistake(
        id=mistake.id,
        misconception=mistake.misconception,
        says=mistake.says,
        tests=tuple(test for test in order if test in each.tests),
    )
