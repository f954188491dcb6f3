"""A report by function, as a page shows it: what passed, and which idea each failure shows."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from grader.content.exercise import Exercise, Function
from grader.content.lesson import Lesson
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.sentences import blank, missing
from grader.judge.verdict import count, is_right, number, one_reason_for_all, outcome_word, passed, results_of
from grader.tutor.failure_details import FailureDetails, failure_details


class Idea(Struct, frozen=True):
    """A known mistake that a function behaves like, and where the lesson speaks of it."""

    misconception: str
    belief: str  # empty if the lesson does not have it
    says: str
    section: str | None


class TestLine(Struct, frozen=True):
    """One test: its outcome, and what there is to tell about a failure."""

    __test__ = False  # keeps pytest from collecting this class

    title: str
    word: str
    passed: bool
    visible: bool
    details: FailureDetails


class FunctionVerdict(Struct, frozen=True):
    """The verdict on one function. `reason` is the only reason for which all its tests failed, or ""."""

    name: str
    score: str
    points: str
    worth: float
    passed: bool
    word: str  # says whether it passed
    summary: str
    reason: str
    ideas: tuple[Idea, ...]
    relations: tuple[str, ...]
    section: str | None
    tests: tuple[TestLine, ...]


def function_verdicts(
    report: Report, exercise: Exercise, lesson: Lesson | None
) -> tuple[FunctionVerdict, ...]:
    """Return the verdicts on the tested functions, in the order of the exercise."""
    return tuple(_verdict(report, exercise, lesson, function) for function in _tested(report, exercise))


def status_line(report: Report, verdicts: tuple[FunctionVerdict, ...]) -> str:
    """Say in one line how many functions passed, and what else there is to know."""
    wrong = sum(not verdict.passed for verdict in verdicts)
    parts = [*_counted(len(verdicts) - wrong, wrong, _blank(report, verdicts), report)]
    if report.withheld is not None:
        hidden, worth = count(report.withheld.tests, "hidden test"), number(report.withheld.points)
        parts.append(f"Your instructor will also run {hidden}, worth {worth} points.")
    if not report.environment.confinement.walled:
        parts.append("Your code ran unconfined; course doctor says why.")
    parts.append(f"Checked in {report.seconds:.1f} s.")
    return " ".join(parts)


def helps(report: Report) -> bool:
    """Return True if hints about one function can help; they cannot if the whole file has one problem."""
    return not one_reason_for_all(report)


def passed_word(*, kit: bool) -> str:
    """Return the word for work whose tests passed. In a kit, the hidden ones are still to come."""
    return "passes the visible tests" if kit else "passed"


def _blank(report: Report, verdicts: tuple[FunctionVerdict, ...]) -> int:
    """Return the number of functions that are blank or not there."""
    return sum(
        all(result.message in (blank(name), missing(name, None)) for result in results_of(report, name))
        for name in (verdict.name for verdict in verdicts)
    )


def _counted(right: int, wrong: int, unbegun: int, report: Report) -> Iterator[str]:
    begun = wrong - unbegun
    left = [f"{each} {what}" for each, what in ((begun, "to fix"), (unbegun, "to write")) if each]
    if not wrong:
        yield "Every test passed." if report.withheld is None else "Every visible test passed."
        return
    if right and report.withheld is not None:
        head = f"{count(right, 'function')} {'passes' if right == 1 else 'pass'} the visible tests"
    elif right:
        head = f"{count(right, 'function')} right"
    else:
        first, what = (begun, "to fix") if begun else (unbegun, "to write")
        head, left = f"{count(first, 'function')} {what}", left[1:]
    yield f"{', '.join([head, *left])}."


def _tested(report: Report, exercise: Exercise) -> list[Function]:
    return [function for function in exercise.functions if results_of(report, function.name)]


def _verdict(
    report: Report, exercise: Exercise, lesson: Lesson | None, function: Function
) -> FunctionVerdict:
    results = results_of(report, function.name)
    right = is_right(results)
    failed = sum(result.outcome is not Outcome.PASSED for result in results)
    messages = {result.message for result in results}
    reason = next(iter(messages)) if len(messages) == 1 and not right else ""
    return FunctionVerdict(
        name=function.name,
        score=number(sum(result.score for result in results)),
        points=number(sum(result.points for result in results)),
        worth=sum(result.points for result in results),
        passed=right,
        word=passed_word(kit=report.withheld is not None) if right else "not yet",
        summary=passed(results) if right else f"{failed} of {count(len(results), 'test')} did not pass",
        reason=reason,
        ideas=tuple(_ideas(report, exercise, lesson, function)),
        relations=tuple(each.says for each in report.relations if each.function == function.name),
        section=function.section,
        tests=tuple(map(_test, results)),
    )


def _test(result: TestResult) -> TestLine:
    return TestLine(
        title=result.title,
        word=outcome_word(result.outcome),
        passed=result.outcome is Outcome.PASSED,
        visible=result.visible,
        details=failure_details(result.message),
    )


def _ideas(report: Report, exercise: Exercise, lesson: Lesson | None, function: Function) -> Iterator[Idea]:
    known = {mistake.id: mistake for mistake in exercise.mistakes if mistake.function == function.name}
    beliefs = {each.id: each.belief for each in lesson.misconceptions} if lesson else {}
    shown: set[str] = set()  # several mistakes can have the same explanation
    for named in report.mistakes:
        if named.id in known and named.says not in shown:
            shown.add(named.says)
            section = known[named.id].section or function.section
            yield Idea(named.misconception, beliefs.get(named.misconception, ""), named.says, section)
