"""The table of learners × functions."""

from __future__ import annotations

import msgspec
from class_samples import exercise_result, failed, quiz_result, unreadable

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import Cell, CellKind, ClassTable
from grader.classroom.class_table import Order, cell_words
from grader.classroom.results import Result
from grader.classroom.statistics import class_report
from grader.judge import sentences
from grader.judge.report import NamedMistake, Outcome, StoppedCode
from grader.judge.wire.messages import Stop


def table(*results: Result, order: Order = Order.TOTAL, expected: tuple[str, ...] = ()) -> ClassTable:
    return class_report(results, Catalogue(None), expected=expected, order=order).table


def split(result: Result, *functions: str) -> Result:
    """Return the result with each test in a function of its own."""
    assert result.report is not None
    tests = tuple(
        msgspec.structs.replace(test, function=name)
        for test, name in zip(result.report.tests, functions, strict=True)
    )
    return msgspec.structs.replace(result, report=msgspec.structs.replace(result.report, tests=tests))


def words(shown: ClassTable) -> dict[str, list[str]]:
    return {
        row.learner: [" | ".join(filter(None, map(str, cell_words(c)))) for c in row.cells]
        for row in shown.rows
    }


def test_a_column_per_function_and_quiz() -> None:
    shown = table(split(exercise_result("ann", [1, 0]), "add", "half"), quiz_result("ann", {"tiny-q1": "b"}))
    assert [(each.work, each.function) for each in shown.columns] == [
        ("exercise-sum", "add"),
        ("exercise-sum", "half"),
        ("tiny", None),
    ]
    assert [(each.right, each.judged) for each in shown.columns] == [(1, 1), (0, 1), (0, 1)]
    assert words(shown) == {"ann": ["right", "0 of 1", "1 of 3"]}


def test_a_blank_function_is_called_blank() -> None:
    result = split(exercise_result("ann", [0, 0]), "add", "half")
    assert result.report is not None
    blank, stopped = (
        msgspec.structs.replace(test, outcome=Outcome.NOT_RUN, message=message)
        for test, message in zip(result.report.tests, (sentences.blank("add"), "It stops."), strict=True)
    )
    report = msgspec.structs.replace(result.report, tests=(blank, stopped))
    shown = table(msgspec.structs.replace(result, report=report))
    assert words(shown) == {"ann": ["0 of 1 | blank", "0 of 1 | not run"]}


def test_code_that_python_cannot_read_is_named_with_its_line() -> None:
    result = split(exercise_result("ann", [0, 0]), "add", "half")
    assert result.report is not None
    stop = Stop("exercise_sum_ann.py", 3, "SyntaxError", (), "expected ':'", ("add",), syntax=True)
    add, half = (
        msgspec.structs.replace(
            test, outcome=Outcome.NOT_RUN, message=sentences.missing(test.function, stop if at == 0 else None)
        )
        for at, test in enumerate(result.report.tests)
    )
    place = sentences.line_of(stop.label, stop.line)
    stopped = (
        StoppedCode(place="line 1 of exercise_sum_ann.py", message=""),
        StoppedCode(place=place, message=""),
    )
    report = msgspec.structs.replace(result.report, tests=(add, half), stopped=stopped)
    found = class_report([msgspec.structs.replace(result, report=report)], Catalogue(None))
    assert words(found.table) == {"ann": ["0 of 1 | Python cannot read line 3", "0 of 1 | not defined"]}
    [needs_help] = found.needs_help
    assert needs_help.reasons == ("Python cannot read exercise-sum: line 3", "0% of the points")


def test_work_without_a_verdict_says_why() -> None:
    excused = msgspec.structs.replace(exercise_result("dan", [0, 0]), excused=True)
    shown = table(
        exercise_result("ann", [1, 0]), unreadable("bob"), failed("cid"), excused, expected=("eve",)
    )
    assert words(shown) == {
        "ann": ["1 of 2"],
        "bob": ["unreadable"],
        "cid": ["not graded"],
        "dan": ["excused"],
        "eve": ["missing"],
    }
    assert [row.learner for row in shown.rows] == ["bob", "eve", "ann", "cid", "dan"]
    assert (shown.columns[0].right, shown.columns[0].judged) == (0, 1)


def test_a_known_mistake_is_named_where_its_tests_failed() -> None:
    result = split(exercise_result("ann", [0, 0]), "add", "half")
    assert result.report is not None
    mistake = NamedMistake(id="m", misconception="off-by-one", says="Look.", tests=("b",))
    graded = msgspec.structs.replace(result.report, mistakes=(mistake,))
    shown = table(msgspec.structs.replace(result, report=graded))
    assert words(shown) == {"ann": ["0 of 1", "0 of 1 | wrong idea: off by one"]}


def test_the_same_end_of_all_failed_tests_is_told() -> None:
    cell = Cell(kind=CellKind.WRONG, points=2.0, outcome=Outcome.TIMED_OUT)
    assert cell_words(cell) == ("0 of 2", "timed out")
    assert cell_words(msgspec.structs.replace(cell, outcome=Outcome.FAILED)) == ("0 of 2", "")
    assert cell_words(msgspec.structs.replace(cell, ideas=("a", "b"))) == ("0 of 2", "2 wrong ideas")


def test_learners_are_sorted_by_total_or_name() -> None:
    results = [exercise_result("ann", [1, 1]), exercise_result("bob", [0, 0]), exercise_result("cid", [1, 0])]
    assert [row.learner for row in table(*results).rows] == ["bob", "cid", "ann"]
    assert [row.learner for row in table(*results, order=Order.NAME).rows] == ["ann", "bob", "cid"]
