"""Figures from a worker that sends whatever it likes, reduced to plots."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.judge.jobs import FigureDrawn, decode_event
from grader.judge.plots import Plot, PlotPair
from grader.judge.server.plotted import MAX_ALL_POINTS, MAX_AXES, MAX_LINES, MAX_POINTS, MAX_TEXT, plot_of
from grader.judge.wire.values import AxesData, FigureData, LineData, Opaque


def figure(*lines: LineData, axes: int = 1, text: str = "") -> FigureData:
    one = AxesData(text, text, text, None, lines)
    return FigureData(text, (one,) * axes)


def line(x: Any, y: Any, label: str = "") -> LineData:
    return LineData(label, x, y)


def test_numbers_that_cannot_be_drawn_become_gaps() -> None:
    y = np.array([1.0, np.nan, np.inf, -1e300, 4.0])
    [axes] = plot_of(figure(line(np.arange(5), y))).axes
    assert axes.lines[0].points == ((0, 1), None, None, None, (4, 4))


def test_a_long_line_keeps_its_ends() -> None:
    numbers = np.arange(1_000_000, dtype=np.float32)
    plot = plot_of(figure(line(numbers, numbers)))
    points = plot.axes[0].lines[0].points
    assert plot.reduced
    assert len(points) == MAX_POINTS
    assert points[0] == (0, 0)
    assert points[-1] == (999_999, 999_999)


def test_many_lines_and_axes_are_cut() -> None:
    many = [line(np.arange(500.0), np.arange(500.0))] * 10_000
    plot = plot_of(figure(*many, axes=50))
    assert plot.reduced
    assert len(plot.axes) == MAX_AXES
    assert {len(axes.lines) for axes in plot.axes} == {MAX_LINES}
    assert sum(len(each.points) for axes in plot.axes for each in axes.lines) <= MAX_ALL_POINTS
    assert len(msgspec.json.encode(plot)) < 5_000_000


@pytest.mark.parametrize(
    "strange",
    [None, "text", 5, [1, 2], Opaque("thing"), np.float64(3), np.empty((0, 3)), np.zeros((2, 2), bool)],
)
def test_values_that_are_no_rows_of_numbers(strange: Any) -> None:
    plot = plot_of(figure(line(strange, np.arange(3.0)), line(np.arange(3.0), strange)))
    assert all(len(each.points) <= 3 for each in plot.axes[0].lines)


def test_texts_are_short_and_harmless() -> None:
    text = "a\x1b[31m\nb\u202e\ud800\x00" + "c" * 1_000_000
    plot = plot_of(figure(line(np.zeros(1), np.zeros(1), label=text), text=text))
    for shown in (plot.title, plot.axes[0].xlabel, plot.axes[0].lines[0].label):
        assert shown.startswith("a bc")
        assert len(shown) == MAX_TEXT


def test_a_figure_survives_the_way_to_the_client() -> None:
    plot = plot_of(figure(line(np.arange(3), np.array([0.1, np.nan, -2e99])), text="wörds"))
    for reference in (plot, None, Plot("", ())):
        event = FigureDrawn(PlotPair("title", "f", plot, reference))
        assert decode_event(msgspec.json.encode(event)) == event
