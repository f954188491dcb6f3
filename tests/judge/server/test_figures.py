"""The figures of visible tests, as a judge sends them to a client that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import submission, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.plots import Plot, PlotPair
from grader.judge.report import Report

FUNCTIONS = {"draw(y)": {"figure": "figure"}, "both(y)": {"n": "int", "figure": "figure"}}
SOLUTION = """
    import matplotlib.pyplot as plt
    import numpy as np
    def draw(y):
        figure, axes = plt.subplots()
        axes.plot(np.arange(len(y)), y, label="numbers")
        axes.legend()
        return figure
    def both(y): return len(y), draw(y)
"""
VISIBLE = '''
    @pytest.mark.points(1, function="draw")
    def test_one_line(learner, rng):
        """There is one line."""
        y = rng.normal(size=3)
        figure = learner.draw(y)
        assert len(figure.axes[0].lines) == 1, "There should be one line"
        learner.draw(y + 1)

    @pytest.mark.points(1, function="both")
    def test_both(learner):
        """There are a number and a figure."""
        n, figure = learner.both(np.array([5.0, 6.0]))
        assert n == 2, "It should be 2"
'''
HIDDEN = '''
    @pytest.mark.points(1, function="draw")
    def test_secret(learner, rng):
        """Other numbers."""
        learner.draw(np.array([777.0]))
'''
TWICE = SOLUTION.replace("axes.plot(np.arange(len(y)), y", "axes.plot(np.arange(len(y)), 2 * y")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def drawn(judge: Judge, course: Course, source: str) -> tuple[list[PlotPair], Report]:
    pairs: list[PlotPair] = []
    report = judge.check(course, "exercise-x", submission(source), seed=1, on_figure=pairs.append)
    return pairs, report


def heights(plot: Plot | None) -> list[float]:
    assert plot is not None
    return [point[1] for point in plot.axes[0].lines[0].points if point is not None]


def test_each_visible_test_sends_its_first_figure_and_the_reference(judge: Judge, course: Course) -> None:
    pairs, report = drawn(judge, course, TWICE)
    assert report.passed
    assert [(pair.function, pair.test) for pair in pairs] == [
        ("draw", "There is one line."),
        ("both", "There are a number and a figure."),
    ]
    for pair in pairs:  # both were drawn from the same numbers
        assert heights(pair.learner) == pytest.approx([2 * y for y in heights(pair.reference)])
    assert heights(pairs[1].learner) == [10, 12]
    assert pairs[0].learner.axes[0].legend == ("numbers",)
    assert "777" not in repr(pairs)


def test_a_known_outcome_does_not_suppress_the_figure(judge: Judge, course: Course) -> None:
    without = judge.check(course, "exercise-x", submission(SOLUTION), seed=1)
    first, _ = drawn(judge, course, SOLUTION)
    again, report = drawn(judge, course, SOLUTION)
    assert first == again
    assert len(again) == 2
    assert report.tests == without.tests


def test_a_wrong_figure_is_sent_too(judge: Judge, course: Course) -> None:
    two_lines = SOLUTION.replace("axes.legend()", "axes.plot([0, 1], [0, float('nan')])")
    pairs, report = drawn(judge, course, two_lines)
    assert not report.passed
    lines = pairs[0].learner.axes[0].lines
    assert [line.label for line in lines] == ["numbers", ""]
    assert lines[1].points == ((0.0, 0.0), None)


def test_a_function_that_fails_sends_nothing(judge: Judge, course: Course) -> None:
    pairs, _ = drawn(judge, course, "def draw(y): return 1 / 0\ndef both(y): return 2, 'a figure'\n")
    assert pairs == []


def test_a_visible_test_may_draw_the_results(tmp_path: Path) -> None:
    """The figure of a hidden test and one that cannot be drawn are not sent."""
    test = """
        @pytest.mark.points(1, function="double")
        def test_{name}(learner):
            "It doubles."
            y = learner.double(np.array([1.0, 2.0]))
            learner.plot("Doubled", {{"y": ([0, 1], {drawn})}}, xlabel="x")
            assert y[1] == 4, "It should double"
        """
    visible = test.format(name="drawn", drawn="y") + test.format(name="words", drawn="['a', 'b']")
    solution = "def double(y): return 2 * y\n"
    hidden = test.format(name="secret", drawn="y")
    course = write_exercise(tmp_path, {"double(y)": {"y": "array"}}, solution, visible, hidden)
    with Judge() as judge:
        pairs, report = drawn(judge, course, "def double(y): return y\n")
    assert not report.passed
    [pair] = pairs
    assert (heights(pair.learner), heights(pair.reference)) == ([1, 2], [2, 4])
    assert (pair.learner.title, pair.learner.axes[0].xlabel, pair.learner.axes[0].legend) == (
        "Doubled",
        "x",
        ("y",),
    )


def test_a_reference_that_fails_has_no_figure(tmp_path: Path) -> None:
    broken = SOLUTION.replace("return figure", "raise OSError")
    other = write_exercise(tmp_path, FUNCTIONS, broken, VISIBLE, HIDDEN)
    with Judge() as judge:
        pairs, _ = drawn(judge, other, SOLUTION)
    assert [pair.reference for pair in pairs] == [None, None]
