"""A figure as plain data of limited size, for a client to draw.

The data may come from learner code. `grader.judge.server.plotted` makes it from the answers of a
worker, and `grader.plotting` draws it.
"""

from __future__ import annotations

from msgspec import Struct

NO_REFERENCE = "There is no reference figure to compare with."

Point = tuple[float, float]


class PlotLine(Struct, frozen=True):
    """One line. None is a gap. `label` is empty if the line has no label."""

    label: str
    points: tuple[Point | None, ...]


class PlotAxes(Struct, frozen=True):
    """One pair of axes. `legend` holds the texts of the legend, or None if there is no legend."""

    title: str
    xlabel: str
    ylabel: str
    legend: tuple[str, ...] | None
    lines: tuple[PlotLine, ...]


class Plot(Struct, frozen=True):
    """A figure. It is `reduced` if some axes, lines or points were left out because there are too many."""

    title: str
    axes: tuple[PlotAxes, ...]
    reduced: bool = False


class PlotPair(Struct, frozen=True):
    """The learner's figure in one visible test, and the reference solution's for the same inputs.

    `reference` is None in a learner's kit, which has no reference solution.
    """

    test: str  # its title
    function: str
    learner: Plot
    reference: Plot | None
