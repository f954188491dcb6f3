"""A learner's figure over the reference's, as inline SVG in the colors of the page.

What both have in common is thin, the reference is dashed, and what is the learner's alone is thick.
The data may come from learner code: every text is escaped, and every number is finite.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape
from msgspec import Struct

from grader.judge.plots import Plot, PlotAxes, PlotLine, PlotPair, Point
from grader.judge.verdict import count
from grader.tutor.figures import in_words

MAX_DRAWN = 4  # axes of one figure
WIDTH, HEIGHT = 360, 220  # text stays readable on a phone
LEFT, RIGHT, TOP, BOTTOM = 50, 118, 12, 30
ROW = 17  # between labels
LABEL = 12  # letters of a line's label; more is cut off
ROOM = 0.01  # of the range, on both sides: a line that reaches 0.999 has a tick at 1
SAME = 1e-6  # of the range of the numbers

Limits = tuple[float, float]


class Drawing(Struct, frozen=True):
    """One picture with the words that go with it."""

    svg: Markup
    caption: str
    yours: str  # the learner's figure in words
    reference: str


class Curve(Struct, frozen=True):
    """One line of a drawing, its class, and the label at its end."""

    points: tuple[Point | None, ...]
    look: str
    label: str
    is_yours: bool = False


def drawings(pair: PlotPair, no_reference: str) -> list[Drawing]:
    """Return a drawing for each pair of axes of a figure."""
    theirs = pair.reference.axes if pair.reference else ()
    both = itertools.zip_longest(pair.learner.axes[:MAX_DRAWN], theirs[:MAX_DRAWN])
    return [_drawing(mine, other, no_reference) for mine, other in both if mine or other]


def curves(mine: Sequence[PlotLine], other: Sequence[PlotLine]) -> list[Curve]:
    """Return what to draw: equal lines once, the learner's own, and the reference's over them."""
    rest = [*other]
    equal: list[Curve] = []
    own: list[Curve] = []
    for line in mine:
        twin = next((each for each in rest if _is_same(line.points, each.points)), None)
        if twin is None:
            own.append(Curve(line.points, "l-you", line.label, is_yours=True))
        else:
            rest.remove(twin)
            equal.append(Curve(line.points, "l-soft", line.label or twin.label))
    if not own and not rest:  # nothing to compare with
        return [Curve(each.points, "l-ink", each.label) for each in equal]
    return [*equal, *own, *(Curve(each.points, "l-soft dash", each.label) for each in rest)]


def caption(mine: Sequence[PlotLine], other: Sequence[PlotLine]) -> str:
    """Say how far the learner's lines are from the reference's."""
    drawn = curves(mine, other)
    equal = sum(curve.look == "l-soft" for curve in drawn)
    own = [line for line in mine if any(c.is_yours and c.points == line.points for c in drawn)]
    rest = [line for line in other if any(c.look == "l-soft dash" and c.points == line.points for c in drawn)]
    if mine and not own and not rest:
        names = ", ".join(f"“{_cut(curve.label, 60)}”" for curve in drawn if curve.label)
        return f"Your figure shows the same lines as the reference{': ' if names else ''}{names}."
    said = [f"{count(equal, 'line')} agree{'s' if equal == 1 else ''} with the reference."] if equal else []
    for line in own:
        partner = _partner(line, rest)
        if partner is not None:
            rest.remove(partner)
            said.append(f"{_name(line)} {_apart(line, partner)}.")
        else:
            said.append(f"{_name(line)} is only in yours.")
    said += [f"{_name(line)} is missing in yours." for line in rest]
    said += ["Thick: yours."] if own else []
    return " ".join(said)


def _partner(line: PlotLine, rest: list[PlotLine]) -> PlotLine | None:
    """Return the reference's line that a line stands for: the one of this label, else the first."""
    named = [each for each in rest if each.label == line.label and line.label]
    return next(iter(named or rest), None)


def _apart(line: PlotLine, other: PlotLine) -> str:
    mine, theirs = _known(line.points), _known(other.points)
    if len(mine) != len(theirs):
        return f"has {count(len(mine), 'point')}, the reference has {len(theirs)}"
    along = max((abs(a[0] - b[0]) for a, b in zip(mine, theirs, strict=True)), default=0.0)
    if along > SAME * max((1.0, *(abs(x) for x, _ in theirs))):
        return f"is shifted along x by up to {along:.3g}"
    error = sum(abs(a[1] - b[1]) for a, b in zip(mine, theirs, strict=True)) / max(len(mine), 1)
    return f"is off by {error:.3g} on average"


def _name(line: PlotLine) -> str:
    return f"“{_cut(line.label, 60)}”" if line.label else "A line without a label"


def _is_same(one: Sequence[Point | None], other: Sequence[Point | None]) -> bool:
    mine, theirs = _known(one), _known(other)
    if len(mine) != len(theirs) or [p is None for p in one] != [p is None for p in other]:
        return False
    scale = max((abs(number) for point in theirs for number in point), default=0.0)
    return all(
        abs(a - b) <= SAME * max(scale, 1e-12)
        for one_point, other_point in zip(mine, theirs, strict=True)
        for a, b in zip(one_point, other_point, strict=True)
    )


def _known(points: Sequence[Point | None]) -> list[Point]:
    return [p for p in points if p is not None and math.isfinite(p[0]) and math.isfinite(p[1])]


def _drawing(mine: PlotAxes | None, other: PlotAxes | None, no_reference: str) -> Drawing:
    my_lines, other_lines = mine.lines if mine else (), other.lines if other else ()
    says = caption(my_lines, other_lines) if other else no_reference
    yours = in_words(Plot("", (mine,))) if mine else "no axes here."
    theirs = in_words(Plot("", (other,))) if other else no_reference
    drawn = curves(my_lines, other_lines)
    return Drawing(_svg(drawn, mine or other, says), says, yours, theirs)


def _svg(drawn: Sequence[Curve], axes: PlotAxes | None, says: str) -> Markup:
    points = [point for curve in drawn for point in _known(curve.points)]
    across, up = _limits([x for x, _ in points]), _limits([y for _, y in points])
    inner = "".join(
        (
            _frame(across, up, axes),
            *(_path(curve, across, up) for curve in drawn),
            *_labels(drawn, across, up),
        )
    )
    return Markup(
        f'<svg class="fig" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape("Line chart. " + says)}">{inner}</svg>'
    )


def _limits(numbers: Sequence[float]) -> Limits:
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if high - low < 1e-12 * max(1.0, abs(low), abs(high)):
        room = max(0.5, abs(low) * 1e-3)
        return low - room, high + room
    room = ROOM * (high / 2 - low / 2)
    return max(low - room, -sys.float_info.max), min(high + room, sys.float_info.max)


def ticks(limits: Limits) -> list[float]:
    """Return one to five round numbers within limits."""
    low, high = limits
    least = (high / 2 - low / 2) / 2
    power = 10.0 ** math.floor(math.log10(least))
    step = next(nice * power for nice in (1, 2, 5, 10) if nice * power >= least or nice == 10)
    numbers = range(math.ceil(low / step), math.floor(high / step) + 1)
    return [number * step for number in numbers][:5]


def short(number: float) -> str:
    """Return a number in at most about five characters."""
    text = f"{number:.3g}"
    if len(text) > 5:
        digits, _, power = f"{number:.1e}".partition("e")
        text = f"{digits.removesuffix('.0')}e{int(power)}"
    return text.replace("-", "−")


def _at(point: Point, across: Limits, up: Limits) -> Point:
    x = (point[0] / 2 - across[0] / 2) / (across[1] / 2 - across[0] / 2)  # halves cannot overflow
    y = (point[1] / 2 - up[0] / 2) / (up[1] / 2 - up[0] / 2)
    return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)


def _frame(across: Limits, up: Limits, axes: PlotAxes | None) -> str:
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM
    below = bottom + 22
    name = _cut(axes.xlabel, LABEL) if axes else ""
    return "".join(
        (
            f'<path class="grid" d="M{left} {top}H{right}"/>',
            f'<path class="axis" d="M{left} {top}V{bottom}H{right}"/>',
            *(_text(left - 6, _at((across[0], y), across, up)[1] + 4, short(y), "end") for y in ticks(up)),
            *(_text(_at((x, up[0]), across, up)[0], below, short(x), "middle") for x in ticks(across)),
            _text(right + 18, below, name, "start") if name else "",
        )
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="soft" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _path(curve: Curve, across: Limits, up: Limits) -> str:
    steps: list[str] = []
    draws = False
    for point in curve.points:
        if point is None or not _known([point]):
            draws = False
            continue
        x, y = _at(point, across, up)
        steps.append(f"{'L' if draws else 'M'}{x:.1f} {y:.1f}")
        draws = True
    if len(steps) == 1:
        steps.append("h0.1")  # a single point shows as a dot
    return f'<path class="{curve.look}" d="{"".join(steps)}"/>' if steps else ""


def _labels(drawn: Sequence[Curve], across: Limits, up: Limits) -> Iterator[str]:
    """Yield a label at the end of each line. References that end at one place share theirs."""
    places: list[tuple[float, str, bool]] = []
    ends = [(_at(known[-1], across, up)[1], curve) for curve in drawn if (known := _known(curve.points))]
    for y, curve in sorted(ends, key=lambda end: end[0]):
        place = (y + 4, _label(curve), curve.is_yours)
        if not (
            places and "dash" in curve.look and places[-1][1] == place[1] and y + 4 - places[-1][0] < ROW
        ):
            places.append(place)
    places = places[: (HEIGHT - TOP - BOTTOM) // ROW]
    rows = spread([y for y, _, _ in places], TOP, HEIGHT - BOTTOM)
    for y, (_, label, is_yours) in zip(rows, places, strict=True):
        look = "t-you" if is_yours else "soft"
        yield f'<text class="{look}" x="{WIDTH - RIGHT + 8}" y="{y:.1f}">{escape(label)}</text>'


def spread(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return ascending places at least ROW apart, near those wanted, between top and bottom if they fit."""
    places: list[float] = []
    for y in wanted:
        places.append(max(y, places[-1] + ROW if places else top))
    last = bottom
    for index in reversed(range(len(places))):
        places[index] = min(places[index], last)
        last = places[index] - ROW
    return places


def _label(curve: Curve) -> str:
    """Return a label that fits beside the plot; the words below the figure have the full names."""
    if "dash" in curve.look:
        return "reference"
    return _cut(curve.label, LABEL) or ("yours" if curve.is_yours else "no label")


def _cut(text: str, most: int) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
