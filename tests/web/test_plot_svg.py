"""Figures as SVG: what the learner's has in common with the reference's, and how far it is off."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.plots import Plot, PlotAxes, PlotLine, PlotPair, Point
from grader.web.plot_svg import BOTTOM, HEIGHT, ROW, TOP, caption, curves, drawings, short, spread, ticks

SERIES = PlotLine("series", ((0.0, 0.0), (1.0, 1.0), (2.0, 4.0)))
RIGHT = PlotLine("forecast", ((1.0, 1.0), (2.0, 4.0)))
OFF = PlotLine("forecast", ((1.0, 1.5), (2.0, 4.5)))
EARLY = PlotLine("forecast", ((0.0, 1.0), (1.0, 4.0)))


def pair(*mine: PlotLine, reference: tuple[PlotLine, ...] | None = (SERIES, RIGHT)) -> PlotPair:
    def plot(lines: tuple[PlotLine, ...]) -> Plot:
        return Plot("", (PlotAxes("", "time", "", None, lines),))

    return PlotPair("A test.", "plot", plot(mine), plot(reference) if reference is not None else None)


def test_the_truth_is_thin_the_reference_dashed_and_one_s_own_thick() -> None:
    looks = [(curve.look, curve.label) for curve in curves((SERIES, OFF), (SERIES, RIGHT))]
    assert looks == [("l-soft", "series"), ("l-you", "forecast"), ("l-soft dash", "forecast")]


def test_lines_that_all_agree_are_in_ink() -> None:
    assert [curve.look for curve in curves((SERIES, RIGHT), (SERIES, RIGHT))] == ["l-ink", "l-ink"]


def test_axes_have_round_numbers() -> None:
    wave = PlotLine("wave", ((0.0, -0.999), (119.0, 0.999)))
    (drawing,) = drawings(pair(wave, reference=(wave,)), "")
    found = [each.text for each in ET.fromstring(str(drawing.svg)) if each.tag == "text"]
    assert found[:7] == ["−1", "0", "1", "0", "50", "100", "time"]
    assert [short(x) for x in (-0.05, 0.0015, 0.00015, 12000, -2e300)] == [
        "−0.05", "1.5e−3", "1.5e−4", "1.2e4", "−2e300",
    ]  # fmt: skip


@given(st.floats(-1e308, 1e308), st.floats(1e-9, 1e308))
def test_ticks_lie_within_the_limits(low: float, size: float) -> None:
    high = min(low + size, 1e308)
    if high - low > 1e-9 * max(1, abs(low), abs(high)):
        found = ticks((low, high))
        assert 1 <= len(found) <= 5 and found == sorted(found)
        assert all(low / 2 - size * 1e-6 <= tick / 2 <= high / 2 + size * 1e-6 for tick in found)


def test_the_caption_says_how_far_off_each_line_is() -> None:
    assert caption((SERIES, RIGHT), (SERIES, RIGHT)) == (
        "Your figure shows the same lines as the reference: “series”, “forecast”."
    )
    assert caption((SERIES, OFF), (SERIES, RIGHT)) == (
        "1 line agrees with the reference. “forecast” is off by 0.5 on average. Thick: yours."
    )
    assert "“forecast” is shifted along x by up to 1." in caption((SERIES, EARLY), (SERIES, RIGHT))
    assert "“forecast” is missing in yours." in caption((SERIES,), (SERIES, RIGHT))
    assert "“forecast” is only in yours." in caption((SERIES, OFF), (SERIES,))


def test_without_a_reference_the_caption_says_so() -> None:
    (drawing,) = drawings(pair(OFF, reference=None), "There is no reference.")
    assert drawing.caption == drawing.reference == "There is no reference."
    assert 'class="l-you"' in drawing.svg


numbers = st.floats(-1e308, 1e308)
points = st.lists(st.one_of(st.none(), st.tuples(numbers, numbers)), max_size=5)
lines = st.lists(st.builds(PlotLine, st.text(max_size=40), points.map(tuple)), max_size=4)


@settings(max_examples=50)
@given(lines, lines)
def test_any_figure_is_well_formed_and_stays_in_its_frame(
    mine: list[PlotLine], other: list[PlotLine]
) -> None:
    for drawing in drawings(pair(*mine, reference=tuple(other)), ""):
        svg = ET.fromstring(str(drawing.svg))
        assert {element.tag for element in svg.iter()} <= {"svg", "path", "text"}
        for element in svg.iter("text"):
            assert all(math.isfinite(float(element.attrib[name])) for name in ("x", "y"))
        for element in svg.iter("path"):
            assert not re.search(r"nan|inf|e", element.attrib["d"])


@given(st.lists(st.floats(TOP, HEIGHT - BOTTOM), max_size=10).map(sorted))
def test_labels_keep_apart_and_stay_beside_the_plot(wanted: list[float]) -> None:
    places = spread(wanted, TOP, HEIGHT - BOTTOM)
    assert all(b - a >= ROW - 1e-9 for a, b in itertools.pairwise(places))
    assert all(TOP - 1e-9 <= y <= HEIGHT - BOTTOM for y in places)


def test_a_label_that_has_room_does_not_move() -> None:
    assert spread([20.0, 60.0, 70.0], TOP, HEIGHT - BOTTOM) == [20.0, 60.0, 60.0 + ROW]


def test_references_that_end_at_one_place_share_a_label() -> None:
    mine = [PlotLine(f"query {n}", ((0.0, 0.0), (1.0, n / 10))) for n in range(3)]
    theirs = tuple(PlotLine(f"query {n}", ((0.0, 1.0), (1.0, -n / 1000))) for n in range(3))
    (drawing,) = drawings(pair(*mine, reference=theirs), "")
    assert drawing.svg.count(">reference<") == 1


def test_a_learner_s_label_stays_text() -> None:
    hostile: tuple[Point | None, ...] = ((0.0, 0.0), (1.0, 1.0))
    (drawing,) = drawings(pair(PlotLine('"><script>', hostile)), "")
    assert "<script" not in drawing.svg and "&lt;script" in drawing.svg
