"""Reduce the figures that a worker sent to plots, whose size is limited."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge.plots import Plot, PlotAxes, PlotLine, Point
from grader.judge.server.cell_outputs import without_control
from grader.judge.wire.values import AxesData, FigureData, LineData

MAX_AXES = 6
MAX_LINES = 20  # per pair of axes
MAX_POINTS = 2000  # per line
MAX_ALL_POINTS = 20_000  # per figure
MAX_TEXT = 100  # characters
MAX_NUMBER = 1e100  # drawing code calculates with the numbers, and must not overflow


def plot_of(figure: FigureData) -> Plot:
    """Return a decoded figure as a plot. Numbers that cannot be drawn become gaps.

    A line with too many points keeps evenly spaced ones.
    """
    shown = [axes.lines[:MAX_LINES] for axes in figure.axes[:MAX_AXES]]
    room = min(MAX_POINTS, MAX_ALL_POINTS // max(1, sum(map(len, shown))))
    reduced = len(figure.axes) > MAX_AXES or any(
        len(axes.lines) > MAX_LINES or any(_size(line) > room for line in axes.lines[:MAX_LINES])
        for axes in figure.axes[:MAX_AXES]
    )
    return Plot(_text(figure.title), tuple(_axes(axes, room) for axes in figure.axes[:MAX_AXES]), reduced)


def _axes(axes: AxesData, room: int) -> PlotAxes:
    legend = None if axes.legend is None else tuple(_text(text) for text in axes.legend[:MAX_LINES])
    lines = tuple(PlotLine(_text(line.label), _points(line, room)) for line in axes.lines[:MAX_LINES])
    return PlotAxes(_text(axes.title), _text(axes.xlabel), _text(axes.ylabel), legend, lines)


def _points(line: LineData, room: int) -> tuple[Point | None, ...]:
    size = _size(line)
    kept = np.arange(size) if size <= room else np.linspace(0, size - 1, room).astype(int)
    x, y = (_row(values)[kept].astype(np.float64).tolist() for values in (line.x, line.y))
    return tuple(
        (a, b) if abs(a) <= MAX_NUMBER and abs(b) <= MAX_NUMBER else None for a, b in zip(x, y, strict=True)
    )  # a comparison with NaN is False


def _size(line: LineData) -> int:
    return min(_row(line.x).size, _row(line.y).size)


def _row(values: Any) -> np.ndarray:
    """Return an array with a single axis; an empty one for any other value."""
    return values.ravel() if isinstance(values, np.ndarray) else np.empty(0)


def _text(text: str) -> str:
    """Return a text on one line, without characters that a picture cannot show."""
    words = without_control(text[: 2 * MAX_TEXT]).split()
    return "".join(letter for letter in " ".join(words) if letter.isprintable())[:MAX_TEXT]
