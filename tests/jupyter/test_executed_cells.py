"""Which of the executed cells are the learner's code, and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.report import Report, StoppedCode
from grader.judge.wire.messages import Cell
from grader.jupyter.executed_cells import (
    Execution,
    code_of,
    executions,
    learner_executions,
    without_old_stops,
)
from grader.jupyter.magics import Arguments, read_arguments
from grader.jupyter.open_notebook import OpenNotebook, exercise_to_check, open_notebook
from grader.notebook.plain_tests import tools_cell


def own(*sources: str, ids: dict[int, str] | None = None) -> list[str]:
    """Return the labels of the executions that count, of sources executed in this order."""
    return [each.label for each in learner_executions(executions(["", *sources], ids or {}))]


def test_cells_have_the_numbers_that_people_see() -> None:
    [first, third] = executions(["", "x = 1", " \n", "y = 2\r\n"], {3: "abc"})
    assert (first.label, third) == ("In [1]", Execution(3, "y = 2\n", "abc"))
    assert code_of([first]) == (Cell("In [1]", "x = 1", notebook=True),)


def test_a_reset_forgets_what_was_before() -> None:
    assert own("x = 1", "%reset -f\ny = 2", "z = 3") == ["In [2]", "In [3]"]
    assert own("x = 1", "%reset out", "%reset_selective -f x") == ["In [1]", "In [2]", "In [3]"]


def test_the_course_s_own_lines_are_no_code() -> None:
    magics = ["%load_ext grader.notebook", "%check exercise-x\n# now", "%quiz day4", "%reload_ext grader"]
    assert own(*magics) == []
    assert own("%%check\ndef f(): ...", "%load_ext autoreload", "%check\nx = 1", "%checkers") == [
        "In [1]",
        "In [2]",
        "In [3]",
        "In [4]",
    ]


def test_tests_and_tools_of_the_course_are_left_out() -> None:
    tools = tools_cell(Course.bundled().exercise("exercise-lstm"))
    test = (
        "# Visible tests. Run this cell to check your function. Hidden tests run when your work is graded.\n1"
    )
    assert own(tools, "x = 1", test) == ["In [2]"]
    given = [" y = 2\n"]
    assert learner_executions([Execution(1, "y = 2"), Execution(2, "y = 3")], given) == [
        Execution(2, "y = 3")
    ]


def test_of_executions_in_a_row_the_last_counts() -> None:
    assert own("x = 1", "x = 1", "%check", "x = 1", "y = 2", "x = 1") == ["In [4]", "In [5]", "In [6]"]
    assert own("x = 1", "x = 2", ids={1: "a", 2: "a"}) == ["In [2]"]
    assert own("x = 1", "x = 1", ids={1: "a", 2: "b"}) == ["In [1]", "In [2]"]


@given(st.lists(st.sampled_from(["x = 1", "y = 2", "%check", "z = x"]), max_size=8))
def test_the_last_execution_of_every_cell_counts_and_nothing_is_reordered(sources: list[str]) -> None:
    kept = learner_executions(executions(["", *sources], {}))
    assert [each.number for each in kept] == sorted(each.number for each in kept)
    assert {each.source for each in kept} == {*sources} - {"%check"}
    for source in {each.source for each in kept}:
        last = len(sources) - sources[::-1].index(source)
        assert last in {each.number for each in kept}


def test_what_was_fixed_no_longer_stops() -> None:
    executed = [Execution(1, "1/0", "a"), Execution(2, "x", "b"), Execution(3, "1", "a"), Execution(12, "y")]
    places = ["line 1 of In [1]", "line 1 of In [2]", "line 9 of In [12]", "line 2 of tools.py"]
    stopped = tuple(StoppedCode(place=place, message="…") for place in places)
    report = Report(
        exercise="x", version="v", stopped=stopped, score=0, max_score=1, passed=False, tests=(),
        mistakes=(), seed=1, environment=None, seconds=1,  # type: ignore[arg-type]
    )  # fmt: skip
    assert [stop.place for stop in without_old_stops(report, executed).stopped] == places[1:]


# --- which exercise ---


def test_an_exercise_is_named_or_found() -> None:
    course = Course.bundled()
    unnamed = OpenNotebook()
    assert exercise_to_check(course, "exercise-gru", unnamed, ["forecast"]) == "exercise-gru"
    assert exercise_to_check(course, "", unnamed, ["print", "forecast"]) == "exercise-lstm"
    with pytest.raises(CourseError, match="did you mean exercise-rnn"):
        exercise_to_check(course, "exercise-rn", unnamed, [])
    with pytest.raises(CourseError, match=r"none has been begun here — name it, as in %check EXERCISE"):
        exercise_to_check(course, "", unnamed, [])
    with pytest.raises(CourseError, match="functions of exercise-lstm and exercise-rnn — name it"):
        exercise_to_check(course, "", unnamed, ["forecast", "encode"])


def test_the_front_end_s_file_tells_the_exercise(tmp_path) -> None:  # type: ignore[no-untyped-def]
    course, path = Course.bundled(), tmp_path / "Copy of exercise_rnn (2).ipynb"
    about = '{"course": {"kind": "exercise", "id": "exercise-gru", "version": "v"}}'
    locked = '{"nbgrader": {"locked": true, "solution": false, "grade_id": "exercise-gru--tools"}}'
    cells = f'[{{"cell_type": "code", "source": "tools", "metadata": {locked}}}]'
    path.write_text(f'{{"cells": {cells}, "metadata": {{}}}}')
    found = open_notebook({}, {"JPY_SESSION_NAME": str(path)})
    assert (found.name, found.given) == (path.name, ("tools",))
    assert exercise_to_check(course, "", found, ["forecast"]) == "exercise-rnn"
    path.write_text(f'{{"cells": {cells}, "metadata": {about}}}')
    found = open_notebook({"__vsc_ipynb_file__": str(path)}, {})
    assert exercise_to_check(course, "", found, ["forecast"]) == "exercise-gru"
    for told in ("", str(tmp_path / "gone.ipynb"), "console-1", "a\0.ipynb"):
        assert open_notebook({}, {"JPY_SESSION_NAME": told}) == OpenNotebook()


# --- arguments ---


def test_arguments() -> None:
    assert read_arguments("  exercise-x --no-record # now", "check", ["--no-record"]) == Arguments(
        "exercise-x", frozenset(["--no-record"])
    )
    assert read_arguments("", "check", []) == Arguments("", frozenset())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--seed 3", "%check has no option --seed — use %check [ID] [--no-record]"),
        ("a b", "%check takes one id, but here are 2"),
        ("'a", "a quote is not closed"),
    ],
)
def test_wrong_arguments(line: str, says: str) -> None:
    with pytest.raises(CourseError) as caught:
        read_arguments(line, "check", ["--no-record"])
    assert says in str(caught.value)
