"""Turn a report into the lines that a learner reads, the same in the terminal and in notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grader.content.exercise import Exercise, Function
from grader.judge import sentences
from grader.judge.report import Outcome, Report, StoppedCode, TestResult

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "out of memory",
    Outcome.CRASHED: "crashed",
    Outcome.NOT_RUN: "not run",
    Outcome.NOT_JUDGED: "not judged",
    Outcome.JUDGE_BROKEN: "broken test",
}


MAX_STOPPED = 5  # places that are listed


def outcome_word(outcome: Outcome) -> str:
    """Return the words for the outcome of a test."""
    return _WORDS[outcome]


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
        yield from idea_lines(report, exercise, function, place)


def is_right(results: list[TestResult]) -> bool:
    """Return True if every test of a function passed."""
    return all(result.outcome is Outcome.PASSED for result in results)


def first_wrong(report: Report, exercise: Exercise) -> Function | None:
    """Return the first function with a test that did not pass."""
    return next(_wrong(report, exercise), None)


def _wrong(report: Report, exercise: Exercise) -> Iterator[Function]:
    return (f for f in exercise.functions if not is_right(results_of(report, f.name)))


def where_to_start(report: Report, exercise: Exercise) -> str:
    """Say which function to look at first, without punctuation; nothing unless there is a choice.

    It is the first one in the exercise, because later functions often build on earlier ones. A hint
    without a function is about the same one.
    """
    wrong = [*_wrong(report, exercise)]
    return f"Start with {wrong[0].name}" if len(wrong) > 1 else ""


def folded_line(name: str, results: list[TestResult]) -> str:
    """Return a function's points and the outcome of its tests in one line."""
    failed = sum(result.outcome is not Outcome.PASSED for result in results)
    if not failed:
        return f"{_head(name, results)}, {passed(results)}"
    outcomes = {result.outcome for result in results}
    if len(outcomes) == 1 and Outcome.FAILED not in outcomes:
        return f"{_head(name, results)}, {_WORDS[results[0].outcome]}"
    return f"{_head(name, results)}, {failed} of {count(len(results), 'test')} failed"


def passed(results: list[TestResult]) -> str:
    """Say that all tests of a function passed, and which other functions had to be right for that."""
    after = dict.fromkeys(name for result in results for name in result.after)
    return f"{count(len(results), 'test')} passed" + (f" ({_with_right([*after])})" if after else "")


def result_lines(result: TestResult, shown: set[str]) -> list[str]:
    """Return the lines of one test: its outcome and title, and its message unless it is in `shown`."""
    kind = "visible" if result.visible else "hidden"
    lines = [f"  {_WORDS[result.outcome]:<6}  {result.title} ({kind})"]
    if result.message:
        lines += _reason("", result.message, 10, shown)
    return lines


def one_reason(results: list[TestResult], shown: set[str]) -> list[str]:
    """Return the lines of the reason for which all tests of a function failed, or [] if there are several.

    Such a reason is a blank function or a file that does not parse.
    """
    if len({result.message for result in results}) != 1:
        return []
    return [*_reason(_WORDS[results[0].outcome] + ": ", results[0].message, 2, shown)]


def idea_lines(
    report: Report, exercise: Exercise, function: Function, place: Callable[[str], str]
) -> Iterator[str]:
    """Yield the wrong ideas that were recognized in the function, or how its results are related."""
    known = {mistake.id: mistake for mistake in exercise.mistakes if mistake.function == function.name}
    shown: set[str] = set()  # several mistakes can have the same explanation
    for named in report.mistakes:
        if named.id in known and named.says not in shown:
            shown.add(named.says)
            yield f"  idea    {named.says}"
            section = known[named.id].section or function.section
            if section is not None:
                yield f"          Read again: {place(section)}"
    yield from (f"  seen    {each.says}" for each in report.relations if each.function == function.name)


def surroundings_lines(report: Report) -> Iterator[str]:
    """Yield what stopped while the submission was loaded, and the notes on how it was read.

    Code that stopped costs no points by itself, so only its first places are listed.
    """
    if report.stopped:
        lost = [stop for stop in report.stopped if _hides_a_function(report, stop)]
        yield ""
        for each in [*lost, *(stop for stop in report.stopped if stop not in lost)][:MAX_STOPPED]:
            yield from each.message.split("\n")
        if more := len(report.stopped) - MAX_STOPPED:
            yield from [f"{count(more, 'more place')} stopped."] if more > 0 else []
        if lost:
            yield "Fix this first: a function could not be tested. All others were tested."
        else:
            yield "This costs no points by itself: all functions that are defined were tested."
    if report.notes:
        yield ""
        yield from (f"Note: {note}" for note in report.notes)


def _hides_a_function(report: Report, stop: StoppedCode) -> bool:
    """Return True if a function could not be tested because of this place."""
    reasons = sentences.because_of(stop.place)
    return any(
        result.outcome is Outcome.NOT_RUN and any(reason in result.message for reason in reasons)
        for result in report.tests
    )


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


def _with_right(functions: list[str]) -> str:
    if len(functions) == 1:
        return f"with a right {functions[0]}"
    return f"with the right {', '.join(functions[:-1])} and {functions[-1]}"


def _head(name: str, results: list[TestResult]) -> str:
    score, points = sum(r.score for r in results), sum(r.points for r in results)
    return f"{name}  {number(score)} of {number(points)}"


def _test_lines(name: str, results: list[TestResult], shown: set[str]) -> Iterator[str]:
    if is_right(results):
        yield folded_line(name, results)
        return
    yield _head(name, results)
    if reason := one_reason(results, shown):
        yield from reason
        return
    for result in results:
        yield from result_lines(result, shown)


def _reason(before: str, message: str, indent: int, shown: set[str]) -> Iterator[str]:
    """Yield the lines of a message, or a short reference if it was shown before."""
    text = "same reason as above" if message in shown else message
    shown.add(message.partition("\n")[0])
    for line_number, line in enumerate((before + text).split("\n")):
        yield " " * (indent if line_number == 0 or before == "" else indent + 2) + line
