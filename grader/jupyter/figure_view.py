"""The learner's figures beside the reference solution's, as a notebook shows them: a picture and its words.

The picture is static and stays in the saved file. Nothing of it needs a script.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.judge.plots import Plot, PlotAxes, PlotLine, PlotPair
from grader.judge.verdict import count

TITLE = "Your figure beside the reference"
_ALT = "Yours is on the left, the reference is on the right. The list below the picture describes both."
_BOX = "color: inherit; background: transparent; font-family: inherit; max-width: 60em"


class FigureView:
    """A picture that a notebook displays. A terminal shows what the picture says."""

    def __init__(self, pairs: Sequence[PlotPair], no_reference: str) -> None:
        """`no_reference` takes the place of a missing reference."""
        self._pairs, self._no_reference = pairs, no_reference

    def __repr__(self) -> str:
        return "\n".join([TITLE, *(line for pair in self._pairs for line in self._lines(pair))])

    def _repr_html_(self) -> str:
        from grader.plotting import picture

        png = b64encode(picture(self._pairs, "png", self._no_reference)).decode()
        names = ", ".join(dict.fromkeys(pair.function for pair in self._pairs))
        alt = escape(f"{names}. {_ALT}")
        described = "".join(f"<li>{escape(line)}</li>" for pair in self._pairs for line in self._lines(pair))
        return (
            f'<div class="course-report" style="{_BOX}"><h3>{TITLE}</h3>'
            f'<img style="max-width: 100%" alt="{alt}" src="data:image/png;base64,{png}"/>'
            f"<ul>{described}</ul></div>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _lines(self, pair: PlotPair) -> Iterator[str]:
        yield f"{pair.function}: {pair.test}"
        yield f"Yours: {in_words(pair.learner)}"
        yield f"Reference: {in_words(pair.reference) if pair.reference else self._no_reference}"


def in_words(plot: Plot) -> str:
    """Return what a figure shows: titles, axes, and each line with its range."""
    if not plot.axes:
        return "a figure without axes."
    return " ".join([*filter(None, [_sentence(plot.title)]), *map(_axes_in_words, plot.axes)])


def _axes_in_words(axes: PlotAxes) -> str:
    named = [f"{name} is {label}" for name, label in (("x", axes.xlabel), ("y", axes.ylabel)) if label]
    lines = "; ".join(map(_line_in_words, axes.lines)) or "no lines"
    legend = "No legend." if axes.legend is None else ""
    parts = [_sentence(axes.title), _sentence(", ".join(named)), _sentence(lines), legend]
    return " ".join(filter(None, parts))


def _line_in_words(line: PlotLine) -> str:
    points = [point for point in line.points if point is not None]
    name = line.label or "a line without a label"
    if not points:
        return f"{name}, no points"
    x, y = zip(*points, strict=True)
    return f"{name}, {count(len(points), 'point')}, x {_range(x)}, y {_range(y)}"


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}." if text else ""
