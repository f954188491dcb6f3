"""The verdict on code: the first function that is wrong comes last, and color only repeats the words."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reports import EXERCISE, NAMES, report, reports, result

from grader.cli.text import Screen
from grader.cli.verdict import NO_SIGNS, SIGNS, Marks, lines, painted
from grader.cli.watch_screen import watch_lines
from grader.judge import sentences
from grader.judge.report import Outcome, Report, StoppedCode
from grader.judge.verdict import folded_line, where_to_start
from grader.jupyter.report_parts import report_parts
from grader.tutor.parts import as_text

FAILED, NOT_RUN, ERROR = Outcome.FAILED, Outcome.NOT_RUN, Outcome.ERROR


def shown(report: Report, width: int | None = None, marks: Marks = NO_SIGNS) -> list[str]:
    return list(lines(report, EXERCISE, "my.py", width, marks))


def test_functions_that_are_right_fold_and_the_first_wrong_one_comes_last() -> None:
    first, second, third, *_ = NAMES
    tests = [result(first, 1, FAILED, "First message"), result(first, 2, FAILED, "Another")]
    tests += [result(second, 1), result(second, 2), result(third, 1, ERROR, "It raised"), result(third, 2)]
    assert shown(report(tests), marks=SIGNS) == [
        f"{EXERCISE.title}: my.py",
        "",
        f"✓ {second}  2 of 2, 2 tests passed",
        "",
        f"✗ {third}  1 of 2, 1 of 2 tests failed",
        f"  error   Title 1 of {third}. (visible)",
        "          It raised",
        "",
        f"Start with {first}:",
        f"✗ {first}  0 of 2, 2 of 2 tests failed",
        f"  failed  Title 1 of {first}. (visible)",
        "          First message",
        f"  failed  Title 2 of {first}. (hidden)",
        "          Another",
        "",
        "Score: 3 of 6 points.",
        "Confinement: none, your code ran unconfined. To see why: course doctor",
        "Read again:  course lesson day4 8",
        f"A hint:      course hint exercise-lstm {first}",
    ]


def test_every_road_names_the_same_function_to_start_with() -> None:
    first, second, *_ = NAMES
    told = report([result(first, 1), result(second, 1, FAILED, "A"), result(NAMES[-1], 1, FAILED, "B")])
    assert where_to_start(told, EXERCISE) == f"Start with {second}"
    line = f"Start with {second}:"
    assert line in shown(told)
    assert line in watch_lines(told, EXERCISE, "my.py", [], 79, 23)
    assert f"Start with {second}." in as_text(report_parts(told, EXERCISE))


def test_without_a_choice_no_function_is_named_to_start_with() -> None:
    assert where_to_start(report([result(NAMES[0], 1), result(NAMES[1], 1, FAILED)]), EXERCISE) == ""


@pytest.mark.parametrize("width", [None, 60])
def test_the_title_of_a_test_stands_apart_from_a_long_outcome(width: int | None) -> None:
    name = NAMES[0]
    tests = [result(name, 1, Outcome.OUT_OF_MEMORY, "It grew " * 12), result(name, 2)]
    told = shown(report(tests), width)
    assert f"  out of memory  Title 1 of {name}. (visible)" in told or width
    assert all(line.startswith("          ") for line in told if "grew" in line)


def test_a_function_that_python_cannot_read_is_fixed_before_any_hint() -> None:
    first, second, *_ = NAMES
    left_out = f"{sentences.left_out(first, 'line 1')}expected ':'."
    tests = [result(first, 1, NOT_RUN, left_out), result(second, 1)]
    unread = report(tests, stopped=("Python cannot read line 1.",))
    ends = shown(unread)[-2:]
    assert ends[1] == "Fix first:   line 1" and not ends[0].startswith("Read again")


def test_a_function_that_needed_another_one_to_be_right_says_so() -> None:
    first, second, third, *_ = NAMES
    note = {"message": "It passes once it is right.", "after": (first,)}
    right = [replace(result(second, n), **note) for n in (1, 2)]
    partly = [replace(result(third, 1), **note), result(third, 2, FAILED, "Its own fault")]
    told = shown(report([result(first, 1, FAILED, "First message"), *right, *partly]))
    assert f"{second}  2 of 2, 2 tests passed (with a right {first})" in told
    assert f"{third}  1 of 2, 1 of 2 tests failed" in told and "Score: 3 of 5 points." in told
    both = [replace(each, after=(first, third)) for each in right]
    assert folded_line(second, both).endswith(f"2 tests passed (with the right {first} and {third})")


def test_a_reason_for_all_is_told_once() -> None:
    text = "\n".join(shown(report([result(name, 1, NOT_RUN, "It does not parse") for name in NAMES])))
    assert text.count("It does not parse") == 1
    assert f"{NAMES[1]}  0 of 1, not run: same reason as below" in text


def test_a_place_that_hides_a_function_comes_first_and_is_to_be_fixed() -> None:
    lost = result(
        NAMES[0], 1, Outcome.NOT_RUN, f"{NAMES[0]} is not defined, because line 9 stopped: NameError."
    )
    stopped = (
        StoppedCode(place="line 2", message="Line 2 stopped."),
        StoppedCode(place="line 9", message="Line 9 stopped."),
    )
    told = shown(replace(report([lost, result(NAMES[1], 1)]), stopped=stopped))
    assert told[2:5] == [
        "Line 9 stopped.",
        "Line 2 stopped.",
        "Fix this first: a function could not be tested. All others were tested.",
    ]


def test_what_stopped_and_the_notes_come_first() -> None:
    told = shown(report([result(NAMES[0], 1)], stopped=("Line 1 stopped.",), notes=("Read as meant.",)))
    assert told[1:4] == [
        "",
        "Line 1 stopped.",
        "This costs no points by itself: all functions that are defined were tested.",
    ]
    assert told.index("Note: Read as meant.") < told.index(f"{NAMES[0]}  1 of 1, 1 test passed")


@pytest.mark.parametrize("width", [40, 80])
@given(report=reports())
def test_nothing_is_wider_than_the_screen(report: Report, width: int) -> None:
    assert all(len(line) <= width for line in shown(report, width, SIGNS) if " " in line.strip())


@given(reports(), st.sampled_from([None, 40, 80]))
def test_color_only_repeats_what_words_say(report: Report, width: int | None) -> None:
    plain = shown(report, width)
    assert [painted(line, Screen(80)) for line in plain] == plain
    assert [click.unstyle(painted(line, Screen(80, styled=True))) for line in plain] == plain


def test_right_and_wrong_differ_in_color() -> None:
    page = Screen(80, styled=True)
    right = painted(f"✓ {NAMES[0]}  4 of 4, 6 tests passed", page)
    wrong = painted(f"✗ {NAMES[0]}  1.5 of 4, 4 of 6 tests failed", page)
    assert "\x1b[32m" in right and "\x1b[31m" in wrong
    assert "\x1b[31m" in painted("  failed  A title (visible)", page)
    assert painted("          failed  in a message", page) == "          failed  in a message"
