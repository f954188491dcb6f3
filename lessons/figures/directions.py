"""The figures of networks that read in two directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from cells import NARROW, WIDE
from drawing import Drawing, arrow, box, gap, line, text

ROWS = {"joined": 30, "backward": 112, "forward": 184, "input": 262}  # the heights of their middles
TALL = 34  # a cell


def bidirectional(wide: bool) -> Drawing:
    """Draw a bidirectional layer, unfolded over four steps, or over three on a phone."""
    xs, half, width = ([150.0, 272, 394, 516], 25, 42) if wide else ([98.0, 175, 252], 17, 32)
    shapes = [text(0, y, name, "soft", "start") for name, y in ROWS.items()]
    shapes += _links(xs, half, width)
    for step, x in enumerate(xs, 1):
        shapes += _step(x, half, width, str(step))
    shapes += _read(xs, half)
    return Drawing(WIDE if wide else NARROW, 358, tuple(shapes))


def _links(xs: Sequence[float], half: float, width: float) -> Iterator[str]:
    """Draw what each cell passes on to itself, with gaps where an input or an output crosses it."""
    for x, after in pairwise(xs):
        y = ROWS["forward"]
        yield arrow((x - half + width / 2, y), (after - half - width / 2, y), look="state")
        yield gap(x + half, y)
        y = ROWS["backward"]
        yield arrow((after + half - width / 2, y), (x + half + width / 2, y), look="gate")
        yield gap(after - half, y)


def _step(x: float, half: float, width: float, step: str) -> Iterator[str]:
    left, right = x - half, x + half
    joined, backward, forward, below = ROWS.values()
    yield arrow((left, below - 14), (left, forward + TALL / 2), look="input")
    yield arrow((right, below - 14), (right, backward + TALL / 2), look="input")
    yield arrow((left, forward - TALL / 2), (left, joined + TALL / 2), look="state")
    yield arrow((right, backward - TALL / 2), (right, joined + TALL / 2), look="gate")
    yield line((left, below - 14), (right, below - 14), look="input")
    yield text(x, below, f"$x_{{{step}}}$", "input")
    for y in (joined, forward):
        yield box(left, y, width if y == forward else 2 * half, TALL, "state", 6 if y == forward else 0)
        yield text(left, y, f"$f_{{{step}}}$")
    for y in (joined, backward):
        yield box(right, y, width if y == backward else 2 * half, TALL, "gate", 6 if y == backward else 0)
        yield text(right, y, f"$b_{{{step}}}$")


def _read(xs: Sequence[float], half: float) -> Iterator[str]:
    """Draw brackets below the inputs that the two halves of row 2 have read."""
    for y, first, last, look, name in [
        (ROWS["input"] + 20, xs[0], xs[1], "state", "f"),
        (ROWS["input"] + 58, xs[1], xs[-1], "gate", "b"),
    ]:
        left, right = first - half, last + half
        yield line((left, y), (left, y + 6), (right, y + 6), (right, y), look=look)
        yield text((left + right) / 2, y + 20, f"read by ${name}_{{2}}$", look)


STEPS = 6
NETWORKS: dict[str, Callable[[int, int], bool]] = {
    "forward": lambda output, source: source <= output,
    "backward": lambda output, source: source >= output,
    "bidirectional": lambda output, source: True,
}


def influence_of_inputs(wide: bool) -> Drawing:
    """Draw for three networks which outputs depend on which inputs, in a row or one below the other."""
    size = 22.0
    shapes: list[str] = []
    for place, (name, depends) in enumerate(NETWORKS.items()):
        left, top = (78 + 196 * place, 30) if wide else (96, 30 + 208 * place)
        shapes += _table(left, top, size, name, depends, named=place == 0 or not wide)
    return Drawing(WIDE if wide else NARROW, 204 if wide else 204 + 208 * 2, tuple(shapes))


def _table(
    left: float, top: float, size: float, name: str, depends: Callable[[int, int], bool], named: bool
) -> Iterator[str]:
    middle = left + STEPS * size / 2
    yield text(middle, top - 18, name, "strong")
    for output in range(STEPS):
        y = top + (output + 0.5) * size
        yield text(left - 10, y, str(output + 1), "soft", "end")
        for source in range(STEPS):
            x = left + (source + 0.5) * size
            look = ("gate" if source > output else "state") if depends(output, source) else "line"
            yield box(x, y, size - 3, size - 3, look, 2) if look != "line" else _empty(x, y, size - 3)
    for source in range(STEPS):
        yield text(left + (source + 0.5) * size, top + STEPS * size + 11, str(source + 1), "soft")
    yield text(middle, top + STEPS * size + 30, "input step", "soft")
    if named:
        yield text(left - 28, top + STEPS * size / 2 - 8, "output", "soft", "end")
        yield text(left - 28, top + STEPS * size / 2 + 8, "step", "soft", "end")


def _empty(x: float, y: float, size: float) -> str:
    d = size / 2
    return line((x - d, y - d), (x + d, y - d), (x + d, y + d), (x - d, y + d), (x - d, y - d), look="line")
