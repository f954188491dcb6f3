"""The figures of one check, beside the reference solution's, and what they show in words."""

from __future__ import annotations

from collections.abc import Sequence

from grader.content.course import Course
from grader.judge.plots import NO_REFERENCE, Plot, PlotAxes, PlotLine, PlotPair
from grader.judge.verdict import count

IN_A_KIT = "A learner's kit has no reference figure."


def no_reference(course: Course) -> str:
    """Return the sentence that takes the place of a missing reference figure."""
    return NO_REFERENCE if course.kit is None else IN_A_KIT


class Figures:
    """The figures of one check. If the check begins again, each figure comes again."""

    def __init__(self) -> None:
        self._by_test: dict[tuple[str, str], PlotPair] = {}

    def add(self, pair: PlotPair) -> None:
        """Keep a figure in place of an earlier one of the same test."""
        self._by_test[pair.function, pair.test] = pair

    @property
    def pairs(self) -> list[PlotPair]:
        """All figures, in the order of their tests."""
        return [*self._by_test.values()]


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
