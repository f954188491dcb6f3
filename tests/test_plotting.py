"""Pictures of a learner's figure and the reference's, drawn from data that may be hostile."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from grader.judge.plots import Plot, PlotAxes, PlotLine, PlotPair
from grader.judge.server.plotted import plot_of
from grader.judge.wire.values import AxesData, FigureData, LineData
from grader.plotting import NO_REFERENCE, REDUCED, picture

SINE = PlotLine("sine", tuple((x / 10, float(np.sin(x / 10))) for x in range(60)))
PNG, PDF = b"\x89PNG", b"%PDF"


def plot(*lines: PlotLine, legend: tuple[str, ...] | None = (), title: str = "", text: str = "") -> Plot:
    return Plot(title, (PlotAxes(text, text, text, legend, lines),))


def pair(learner: Plot, reference: Plot | None = None) -> PlotPair:
    return PlotPair("It shows a line.", "draw", learner, reference)


def words(svg: bytes) -> str:
    """Return the texts of a picture. matplotlib notes each in a comment."""
    ElementTree.fromstring(svg)
    return "\n".join(line.strip() for line in svg.decode().splitlines() if "<!--" in line)


def test_both_figures_have_a_name_and_the_same_limits() -> None:
    low = PlotLine("low", ((0, -8), (50, -8)))
    drawn = words(picture([pair(plot(SINE), plot(low))], "svg"))
    assert "<!-- Yours -->" in drawn
    assert "<!-- Reference -->" in drawn
    assert "<!-- draw: It shows a line. -->" in drawn
    assert drawn.count("<!-- −8 -->") == 2  # on both y axes
    assert drawn.count("<!-- 50 -->") == 2


def test_without_a_reference_a_note_takes_its_place() -> None:
    assert NO_REFERENCE in words(picture([pair(plot(SINE))], "svg"))
    assert "in a kit" in words(picture([pair(plot(SINE))], "svg", "in a kit"))


def test_formats_and_equal_files() -> None:
    pairs = [pair(plot(SINE), plot(SINE))]
    assert picture(pairs, "png").startswith(PNG)
    assert picture(pairs, "pdf").startswith(PDF)
    assert picture(pairs, "svg") == picture(pairs, "svg")


@pytest.mark.parametrize(
    "learner",
    [
        Plot("", ()),
        plot(),
        plot(PlotLine("", ())),
        plot(PlotLine("gaps", (None, None))),
        plot(PlotLine("far", ((-1e100, 1e100), (1e100, -1e100)))),
        plot(PlotLine("tiny", ((0, 1e-300), (0, 2e-300)))),
        plot(PlotLine("point", ((3, 3),))),
        plot(SINE, legend=("one", "two", "three")),
        plot(PlotLine("", SINE.points), legend=("named in the legend",)),
        plot(PlotLine("_hidden", SINE.points), legend=("_hidden",)),
        plot(SINE, title=r"$\frac{1}{$ 😀 <b>&amp;", text="$$x_{$ " + "long " * 20),
        plot(PlotLine(r"$\badmath", SINE.points), legend=(r"$\badmath",)),
    ],
)
@pytest.mark.parametrize("file_format", ["png", "svg"])
def test_no_figure_stops_the_drawing(learner: Plot, file_format: str) -> None:
    assert picture([pair(learner, plot(SINE)), pair(learner)], file_format)


@pytest.mark.exhaustive
def test_the_largest_figures_fit_into_a_picture() -> None:
    numbers = np.random.default_rng(1).normal(size=100_000)
    axes = AxesData("t", "x", "y", ("l",) * 1000, (LineData("l", numbers, numbers),) * 10_000)
    huge = plot_of(FigureData("huge", (axes,) * 30))
    assert REDUCED in words(picture([pair(huge, huge)], "svg"))
