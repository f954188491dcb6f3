"""The screen of `course watch`: it never needs more lines than there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reports import EXERCISE, NAMES, report, reports, result

from grader.cli.verdict import SIGNS
from grader.cli.watch_screen import message_lines, shortened, watch_lines
from grader.judge.report import Outcome, Report
from grader.judge.verdict import first_wrong

FOOT = ["Checked in 0.3 s; waiting for the next save.", "Keys: h hint, q quit."]
sizes = st.tuples(st.sampled_from([40, 60, 80, 120]), st.integers(4, 60))


def shown(report: Report, width: int = 79, height: int = 23) -> list[str]:
    return watch_lines(report, EXERCISE, "my.py", FOOT, width, height, SIGNS)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(reports(), sizes)
def test_no_more_lines_than_the_screen_has(report: Report, size: tuple[int, int]) -> None:
    width, height = size
    lines = shown(report, width, height)
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)


@given(reports(), st.sampled_from([40, 79, 120]))
def test_the_first_failed_test_is_whole_if_it_fits_at_all(report: Report, width: int) -> None:
    wrong = first_wrong(report, EXERCISE)
    if wrong is None:
        return
    failed = next(t for t in report.tests if t.function == wrong.name and t.outcome is not Outcome.PASSED)
    lines = shown(report, width, 40)
    if "  …" not in lines:
        assert squeezed(failed.message) in squeezed("\n".join(lines))
    else:  # it does not fit on 40 lines
        assert len(shown(report, width, 400)) > 40


def test_at_24_lines_a_long_message_is_whole_and_the_others_are_counted() -> None:
    message = "X should have shape (90, 10, 1)\nthe shape is (90, 1, 10)\nin create_sequences(array, 10)"
    tests = [result(NAMES[0], number, Outcome.FAILED, f"{message} {number}") for number in range(1, 6)]
    tests += [result(name, 1) for name in NAMES[1:]]
    lines = shown(report(tests))
    assert len(lines) <= 23
    assert all(f"          {part}" in lines for part in f"{message} 1".split("\n"))
    assert "  3 more tests failed. To see all: course check exercise-lstm" in lines
    assert [line for line in lines if "passed" in line] == [
        f"✓ {name}  1 of 1, 1 test passed" for name in NAMES[1:]
    ]
    assert lines[-2:] == FOOT


def test_on_a_low_screen_functions_that_are_right_are_counted() -> None:
    tests = [result(name, 1) for name in NAMES[:-1]]
    tests += [result(NAMES[-1], 1, Outcome.FAILED, "\n".join(map(str, range(8))))]
    lines = shown(report(tests), height=15)
    assert len(lines) <= 15 and f"✓ {len(NAMES) - 1} functions passed." in lines
    assert {str(number) for number in range(1, 8)} <= {line.strip() for line in lines}
    assert not [line for line in lines if line.startswith(f"✓ {NAMES[0]}")]


def test_what_stopped_is_told_before_the_functions() -> None:
    lines = shown(report([result(NAMES[0], 1)], stopped=("Line 1 stopped.",)))
    assert lines.index("Line 1 stopped.") < lines.index(f"✓ {NAMES[0]}  1 of 1, 1 test passed")


def test_the_middle_is_cut() -> None:
    assert shortened(list("abcdefg"), 5) == ["a", "b", "  …", "f", "g"]
    assert shortened(list("abc"), 3) == ["a", "b", "c"]
    assert shortened(list("abc"), 0) == []


@given(st.text(max_size=500), st.integers(20, 100), st.integers(1, 30))
def test_a_message_fits_too(text: str, width: int, height: int) -> None:
    assert len(message_lines(text, FOOT, width, height)) <= height
