"""Draw learners' figures beside the reference solution's, from data and never with learner code.

Importing this module imports matplotlib. It needs no screen.
"""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.judge.plots import NO_REFERENCE, Plot, PlotAxes, PlotLine, PlotPair

MAX_PAIRS = 4  # figures below each other
FEW_POINTS = 12  # lines with at most this number of points get markers
MARGIN = 0.05  # of the range of the numbers
WIDTH, ROW, HEAD = 12.0, 3.6, 0.4  # inches
REDUCED = "This figure has too much data, so only part of it is shown."
# learners' texts must not be read as formulas, which fail if they are malformed; equal data gives equal files
_SETTINGS = {"text.usetex": False, "text.parse_math": False, "svg.hashsalt": "course"}

Limits = tuple[float, float]


def picture(pairs: Sequence[PlotPair], file_format: str, no_reference: str = NO_REFERENCE) -> bytes:
    """Return a picture of the figures: the learner's lines on the left, the reference's on the right.

    `file_format` is "png", "svg" or "pdf". `no_reference` takes the place of a missing reference.
    """
    output = io.BytesIO()
    undated = {"Date": None} if file_format == "svg" else {"CreationDate": None}
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about letters that the font does not have
        figure = _figure(pairs[:MAX_PAIRS], no_reference)
        figure.savefig(output, format=file_format, metadata=None if file_format == "png" else undated)
    return output.getvalue()


def _figure(pairs: Sequence[PlotPair], no_reference: str) -> Figure:
    heights = [HEAD + ROW * _rows(pair) for pair in pairs]
    figure = Figure(figsize=(WIDTH, sum(heights)), layout="constrained")
    parts = figure.subfigures(len(pairs), 1, height_ratios=heights, squeeze=False)
    for pair, part in zip(pairs, parts.flat, strict=True):
        part.suptitle(_short(f"{pair.function}: {pair.test}", 110), fontsize="medium")
        _draw_pair(pair, part.subplots(_rows(pair), 2, squeeze=False), no_reference)
    return figure


def _rows(pair: PlotPair) -> int:
    return max(1, len(pair.learner.axes), len(pair.reference.axes) if pair.reference else 0)


def _draw_pair(pair: PlotPair, places: Any, no_reference: str) -> None:
    """Draw both figures. Axes at the same place have the same limits."""
    both = (pair.learner.axes, pair.reference.axes if pair.reference else ())
    for (left, right), (mine, other) in zip(places, itertools.zip_longest(*both), strict=False):
        shown = [axes for axes in (mine, other) if axes is not None]
        limits = _limits([point for axes in shown for line in axes.lines for point in _drawable(line)])
        for place, axes in ((left, mine), (right, other)):
            if axes is None:
                place.set_axis_off()
            else:
                _draw_axes(place, axes, *limits)
    _name(places[0][0], "Yours", pair.learner)
    if pair.reference is None:
        places[0][1].set_axis_off()
        _write(places[0][1], no_reference)
    _name(places[0][1], "Reference", pair.reference)


def _name(place: Axes, name: str, plot: Plot | None) -> None:
    """Write the name of a column above its first axes, and the figure's own titles below it."""
    lines = [name]
    if plot is not None:
        lines += filter(None, [plot.title, *(axes.title for axes in plot.axes[:1])])
        if not plot.axes:
            place.set_axis_off()
            _write(place, "This figure has no axes.")
        if plot.reduced:
            place.text(0.5, 0.01, REDUCED, transform=place.transAxes, ha="center", fontsize="x-small")
    place.set_title("\n".join(_short(line, 60) for line in lines), fontsize="medium")


def _draw_axes(place: Axes, axes: PlotAxes, xlim: Limits, ylim: Limits) -> None:
    handles = []
    for line in axes.lines:
        points = [point or (float("nan"),) * 2 for point in line.points]
        marker = "." if len(points) <= FEW_POINTS else None
        x, y = zip(*points, strict=True) if points else ((), ())
        handles += place.plot(x, y, marker=marker, linewidth=1.2)
    place.set(xlim=xlim, ylim=ylim)
    place.set_title(_short(axes.title, 60), fontsize="medium")
    place.set(xlabel=_short(axes.xlabel, 60), ylabel=_short(axes.ylabel, 35))
    if not any(line.points for line in axes.lines):
        _write(place, "There are no lines here.")
    if axes.legend is not None:
        _draw_legend(place, axes, handles)


def _draw_legend(place: Axes, axes: PlotAxes, handles: Sequence[Any]) -> None:
    """Write the learner's legend. Its texts belong to the lines with a label, or else to the first lines."""
    labeled = [handle for handle, line in zip(handles, axes.lines, strict=True) if line.label]
    named = [*zip(labeled or handles, axes.legend or (), strict=False)]
    if named:
        place.legend(*map(list, zip(*named, strict=True)), fontsize="small")


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _write(place: Axes, text: str) -> None:
    place.text(0.5, 0.5, text, transform=place.transAxes, ha="center", va="center", wrap=True)


def _drawable(line: PlotLine) -> Iterator[tuple[float, float]]:
    return (point for point in line.points if point is not None)


def _limits(points: Sequence[tuple[float, float]]) -> tuple[Limits, Limits]:
    """Return the limits of both axes, with a margin around all points."""
    return _range([x for x, _ in points]), _range([y for _, y in points])


def _range(numbers: Sequence[float]) -> Limits:
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    margin = (high - low) * MARGIN or max(abs(high) * MARGIN, 0.5)
    return low - margin, high + margin
