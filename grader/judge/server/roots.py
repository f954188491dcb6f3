"""Find out which function is at the root when one function fails because of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from msgspec import structs

from grader.judge import sentences
from grader.judge.report import Outcome, TestResult

Asked = Mapping[str, Set[str]]  # function -> those that had to be replaced before it was right


def costs_points(result: TestResult) -> bool:
    """Return True if a test failed, whatever the outcome."""
    return result.outcome not in (Outcome.PASSED, Outcome.JUDGE_BROKEN)


def improved(
    results: Sequence[TestResult], passed: Mapping[str, set[str]], asked: Mapping[str, set[str]]
) -> list[TestResult]:
    """Return the results with those of the second run.

    `passed` names the functions that a test needed, and `asked` those that a function called.
    """
    circular = leaning_on_themselves(asked)
    passed = {
        result.id: passed[result.id]
        for result in results
        if result.id in passed and result.function not in circular
    }
    still_wrong = {r.function for r in results if costs_points(r) and r.id not in passed}
    improved = []
    for result in results:
        if result.id in passed:
            after = tuple(sorted(roots(passed[result.id], asked, {*asked} - still_wrong)))
            result = structs.replace(
                result,
                outcome=Outcome.PASSED,
                score=result.points,
                message=sentences.passes_after(after),
                after=after,
            )
        improved.append(result)
    return improved


def leaning_on_themselves(asked: Asked) -> set[str]:
    """Return the functions that are right only with a right version of themselves.

    Two functions that are written in terms of each other, and of nothing else, would
    each be right with the other one replaced.
    """
    return {name for name in asked if name in _reached(asked[name], asked)}


def roots(names: Iterable[str], asked: Asked, right: Set[str]) -> set[str]:
    """Return the wrong functions behind these: those in `right`, all in `asked`, are right once others are.

    No function may lean on itself.
    """
    return _reached(names, {name: asked[name] for name in right}) - right


def _reached(names: Iterable[str], asked: Asked) -> set[str]:
    """Return the names, the functions that these asked for, and so on."""
    reached, waiting = set[str](), [*names]
    while waiting:
        if (name := waiting.pop()) not in reached:
            reached.add(name)
            waiting += asked.get(name, ())
    return reached
