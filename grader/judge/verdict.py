"""Turn a report into the lines that a learner reads, the same in the terminal and in notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report, TestResult

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "out of memory",
    Outcome.CRASHED: "crashed",
    Outcome.NOT_RUN: "not run",
    Outcome.JUDGE_BROKEN: "broken test",
}


MAX_STOPPED = 5  # places that are listed


def results_of(report: Report, function: str) -> list[TestResult]:
    """Return the results of a function's tests, in order."""
    return [result for result in report.tests if result.function == function]


def function_lines(
    report: Report, exercise: Exercise, function: Function, shown: set[str], place: Callable[[str], str]
) -> Iterator[str]:
    """Yield a function's points, what is wrong with it, and the known mistakes that it matches.

    `shown` holds the messages shown so far and is updated, so that no message is
    repeated. `place` returns the text that tells where to read a section, given its number.
    """
    if results := results_of(report, function.name):
        yield from _test_lines(function.name, results, shown)
        yield from _idea_lines(report, exercise, function, place)


def surroundings_lines(report: Report) -> Iterator[str]:
    """Yield what stopped while the submission was loaded, and the notes on how it was read.

    Code that stopped costs no points by itself, so only its first places are listed.
    """
    if report.stopped:
        yield ""
        for each in report.stopped[:MAX_STOPPED]:
            yield from each.message.split("\n")
        if more := len(report.stopped) - MAX_STOPPED:
            yield from [f"{count(more, 'more place')} stopped."] if more > 0 else []
        yield "This costs no points by itself: all functions that are defined were tested."
    if report.notes:
        yield ""
        yield from (f"Note: {note}" for note in report.notes)


def one_reason_for_all(report: Report) -> bool:
    """Return True if every test failed for the same reason, so that hints about one function do not help."""
    wrong = [result for result in report.tests if result.outcome is not Outcome.PASSED]
    return len(wrong) == len(report.tests) and len({result.message for result in wrong}) == 1


def number(value: float) -> str:
    """Format points or a score for learners."""
    return f"{value:g}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 test", "2 tests"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _test_lines(name: str, results: list[TestResult], shown: set[str]) -> Iterator[str]:
    score, points = sum(r.score for r in results), sum(r.points for r in results)
    head = f"{name}  {number(score)} of {number(points)}"
    if all(result.outcome is Outcome.PASSED for result in results):
        yield f"{head}, {count(len(results), 'test')} passed"
        return
    yield head
    if len({result.message for result in results}) == 1:
        # all failed for one reason, such as a blank function or a file that does not parse
        yield from _reason(_WORDS[results[0].outcome] + ": ", results[0].message, 2, shown)
        return
    for result in results:
        kind = "visible" if result.visible else "hidden"
        yield f"  {_WORDS[result.outcome]:<7} {result.title} ({kind})"
        if result.message:
            yield from _reason("", result.message, 10, shown)


def _idea_lines(
    report: Report, exercise: Exercise, function: Function, place: Callable[[str], str]
) -> Iterator[str]:
    """Yield the wrong ideas behind the known mistakes that were recognized in the function."""
    known = {mistake.id: mistake for mistake in exercise.mistakes if mistake.function == function.name}
    shown: set[str] = set()  # several mistakes can have the same explanation
    for named in report.mistakes:
        if named.id in known and named.says not in shown:
            shown.add(named.says)
            yield f"  idea    {named.says}"
            section = known[named.id].section or function.section
            if section is not None:
                yield f"          Read again: {place(section)}"


def _reason(before: str, message: str, indent: int, shown: set[str]) -> Iterator[str]:
    """Yield the lines of a message, or a short reference if it was shown before."""
    text = "same reason as above" if message in shown else message
    shown.add(message.partition("\n")[0])
    for line_number, line in enumerate((before + text).split("\n")):
        yield " " * (indent if line_number == 0 or before == "" else indent + 2) + line
