"""A learner's figure beside the reference's in a notebook: the picture, and what it shows in words."""

from __future__ import annotations

import base64
import re

from test_report_view import HOSTILE, Reader

from grader.judge.plots import Plot, PlotAxes, PlotLine, PlotPair
from grader.jupyter.figure_view import FigureView
from grader.tutor.figures import in_words

LINE = PlotLine("actual", ((0.0, -1.0), (1.0, 0.5), None, (2.0, 1.0)))
PLOT = Plot("Sine", (PlotAxes("", "time", "value", ("actual",), (LINE, PlotLine("", ()))),))


def pair(learner: Plot, reference: Plot | None) -> PlotPair:
    return PlotPair("It shows the series.", "plot_forecast", learner, reference)


def test_a_figure_in_words() -> None:
    assert in_words(PLOT) == (
        "Sine. x is time, y is value. actual, 3 points, x 0 to 2, y -1 to 1; "
        "a line without a label, no points."
    )
    assert in_words(Plot("", ())) == "a figure without axes."
    bare = PlotAxes("", "", "", None, (PlotLine("", ((1.0, 2.0),)),))
    assert in_words(Plot("", (bare,))) == "a line without a label, 1 point, x 1, y 2. No legend."


def test_the_picture_has_an_alternative_and_the_text_says_the_same() -> None:
    view = FigureView([pair(PLOT, PLOT)], "no reference")
    bundle = view._repr_mimebundle_()
    picture = re.search(r'alt="([^"]+)" src="data:image/png;base64,([^"]+)"', bundle["text/html"])
    assert picture is not None and base64.b64decode(picture[2]).startswith(b"\x89PNG")
    assert "Yours is on the left" in picture[1]
    text = bundle["text/plain"].splitlines()
    assert text == [
        "Your figure beside the reference",
        "plot_forecast: It shows the series.",
        f"Yours: {in_words(PLOT)}",
        f"Reference: {in_words(PLOT)}",
    ]
    assert all(line in bundle["text/html"] for line in text)


def test_a_kit_says_that_it_has_no_reference() -> None:
    assert "Reference: A kit has none." in repr(FigureView([pair(PLOT, None)], "A kit has none."))


def test_nothing_of_the_learner_s_is_html() -> None:
    for text in HOSTILE:
        axes = PlotAxes(text, text, text, (text,), (PlotLine(text, ((0.0, 1.0),)),))
        html = FigureView([pair(Plot(text, (axes,)), None)], "none")._repr_html_()
        assert Reader(html).tags <= {"div", "h3", "img", "ul", "li"}
