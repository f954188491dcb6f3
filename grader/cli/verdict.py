"""The lines that show a learner a report in the terminal.

The first function that is wrong comes last, because a terminal shows the end of a text. A line
before it says so.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from grader.cli.common import may_redraw
from grader.cli.text import Look, Screen, Span, screen
from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report
from grader.judge.verdict import (
    count,
    first_wrong,
    folded_line,
    idea_lines,
    is_right,
    number,
    one_reason,
    one_reason_for_all,
    result_lines,
    results_of,
    surroundings_lines,
    where_to_start,
)
from grader.tutor.hint_sources import first_hint
from grader.tutor.unread import unread_place

_WORD = re.compile(
    r"(?P<margin>  )(?P<word>passed|failed|error|timed out|out of memory|crashed|not run|not judged"
    r"|broken test|idea|seen)\b"
)
_FUNCTION = re.compile(r"(?P<head>(?:[✓✗] )?\w+  (?P<score>[\d.]+) of (?P<points>[\d.]+))(?P<outcome>,.*)")


class Marks(NamedTuple):
    """The signs before a function that is right or wrong. The line also says it in words."""

    right: str = ""
    wrong: str = ""


_TITLED = re.compile(_WORD.pattern + r" {2,}\S")  # a test's outcome and title, an idea or a relation
NARROW = 60  # columns; below, long lines are indented less
TEXT_COLUMN = 10  # where titles and messages of tests begin
SIGNS = Marks("✓ ", "✗ ")
NO_SIGNS = Marks()


def terminal_lines(
    report: Report, exercise: Exercise, file: str, names_commands: bool = True
) -> Iterator[str]:
    """Yield the verdict as standard output can show it: in color, wrapped and with signs on a terminal.

    Without `names_commands`, the next command and that for a hint are left out: the caller asks for keys.
    """
    page = screen()
    for line in lines(report, exercise, file, screen_width(), terminal_marks(), names_commands):
        yield painted(line, page)


def lines(
    report: Report,
    exercise: Exercise,
    file: str,
    width: int | None = None,
    marks: Marks = NO_SIGNS,
    names_commands: bool = True,
) -> Iterator[str]:
    """Yield the verdict: by function, what is wrong and what to do next. Wrapped if `width` is given."""
    for line in _lines(report, exercise, file, marks):
        yield from wrapped(line, width)
    for line in _next(report, exercise, file, names_commands):
        yield from wrapped(line, width)


def wrapped(line: str, width: int | None) -> list[str]:
    """Return the line, in several lines if it is too long. They are indented more than the first."""
    if width is None or len(line) <= width:
        return [line]
    if width < NARROW and line.startswith(" " * TEXT_COLUMN):
        line = "    " + line.lstrip()
    hang = TEXT_COLUMN if _TITLED.match(line) else len(line) - len(line.lstrip()) + 2
    indent = " " * (hang if width >= NARROW else 4)
    return textwrap.wrap(line, max(width, 20), subsequent_indent=indent, break_on_hyphens=False)


def painted(line: str, page: Screen) -> str:
    """Return a line of a verdict with the words that say its outcome in color."""
    if not page.styled:
        return line
    if match := _FUNCTION.fullmatch(line):
        look = Look.GOOD if match["score"] == match["points"] else Look.BAD
        return page.show(Span(match["head"], look | Look.BOLD)) + page.show(Span(match["outcome"], look))
    if match := _WORD.match(line):
        looks = {"passed": Look.GOOD, "idea": Look.BOLD, "seen": Look.BOLD}
        word = Span(match["word"], looks.get(match["word"], Look.BAD | Look.BOLD))
        return match["margin"] + page.show(word) + line[match.end() :]
    return line


def title(exercise: Exercise, file: str) -> str:
    """Return the first line of a verdict."""
    return f"{exercise.title}: {file}"


def place_of(exercise: Exercise, section: str) -> str:
    """Return the command that shows a section."""
    return f"course lesson {exercise.lesson} {section}"


def score_lines(report: Report) -> Iterator[str]:
    """Yield the score and, in a kit, the tests that are still to come."""
    points = f"{number(report.score)} of {number(report.max_score)} points"
    if report.withheld is None:
        yield f"Score: {points}."
        return
    passed = sum(result.outcome is Outcome.PASSED for result in report.tests)
    yield f"Visible tests: {passed} of {len(report.tests)} passed, {points}."
    hidden, worth = count(report.withheld.tests, "hidden test"), number(report.withheld.points)
    yield f"Your instructor will also run {hidden}, worth {worth} points."


def confinement_line(report: Report) -> str:
    """Return a warning if the code ran unconfined, or an empty text."""
    if report.environment.confinement.walled:
        return ""
    return "Confinement: none, your code ran unconfined. To see why: course doctor"


def terminal_marks() -> Marks:
    """Return the signs for standard output: none for pipes, screen readers and old encodings."""
    if not may_redraw(sys.stdout):
        return NO_SIGNS
    try:
        "".join(SIGNS).encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return NO_SIGNS
    return SIGNS


def screen_width() -> int | None:
    """Return the width to wrap a verdict to, or None if the output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _lines(report: Report, exercise: Exercise, file: str, marks: Marks) -> Iterator[str]:
    tested = [function for function in exercise.functions if results_of(report, function.name)]
    right = [function for function in tested if is_right(results_of(report, function.name))]
    wrong = [function for function in tested if function not in right]
    yield title(exercise, file)
    yield from surroundings_lines(report)
    yield ""
    for function in right:
        yield marks.right + folded_line(function.name, results_of(report, function.name))
    if wrong:
        yield from _in_short(report, exercise, wrong[1:], wrong[0], marks)
        yield from [""] if len(tested) > 1 else []
        yield from [f"{start}:"] if (start := where_to_start(report, exercise)) else []
        yield from _in_full(report, exercise, wrong[0], marks)
    yield ""
    yield from score_lines(report)
    yield from filter(None, [confinement_line(report)])


def _in_short(
    report: Report, exercise: Exercise, functions: list[Function], first: Function, marks: Marks
) -> Iterator[str]:
    """Yield the tests that failed, with each message once; a message of `first` is shown further down."""
    below = {result.message.partition("\n")[0] for result in results_of(report, first.name)}
    shown: set[str] = set()
    for function in functions:
        results = results_of(report, function.name)
        head = marks.wrong + folded_line(function.name, results)
        if len({r.message for r in results}) == 1 and results[0].message.partition("\n")[0] in below:
            yield f"{head}: same reason as below"
            continue
        if len(reason := one_reason(results, shown)) == 1:
            yield f"{head}: {results[0].message}"
            continue
        yield ""
        yield head
        yield from reason
        for result in results:
            if result.outcome is not Outcome.PASSED and not reason:
                yield from _once(result_lines(result, shown))
        yield from idea_lines(report, exercise, function, lambda section: place_of(exercise, section))


def _once(lines: list[str]) -> list[str]:
    """Return the lines of a test without a reference to a message that was shown before."""
    return lines[:1] if lines[-1].strip() == "same reason as above" else lines


def _in_full(report: Report, exercise: Exercise, function: Function, marks: Marks) -> Iterator[str]:
    results = results_of(report, function.name)
    yield marks.wrong + folded_line(function.name, results)
    yield from outcome_lines(report, function)
    yield from idea_lines(report, exercise, function, lambda section: place_of(exercise, section))


def outcome_lines(report: Report, function: Function) -> Iterator[str]:
    """Yield each test of a function, or the one reason for which all of them failed."""
    results, shown = results_of(report, function.name), set[str]()
    if reason := one_reason(results, shown):
        yield from reason
        return
    for result in results:
        yield from result_lines(result, shown)


def _next(report: Report, exercise: Exercise, file: str, names_commands: bool) -> Iterator[str]:
    if report.passed:
        passed = "All tests passed." + (" Next: course" if names_commands else "")
        yield f"Next: submit {file}" if report.withheld else passed
        return
    if one_reason_for_all(report):
        return  # hints are about single functions, but the whole file fails
    function = first_wrong(report, exercise)
    if function is None:
        return
    if place := unread_place(report, results_of(report, function.name)):
        yield f"Fix first:   {place}"  # a hint about the function would not help
        return
    if function.section and not report.mistakes:
        yield f"Read again:  course lesson {exercise.lesson} {function.section}"
    if names_commands and first_hint(exercise, function, report):
        yield f"A hint:      course hint {exercise.id} {function.name}"
