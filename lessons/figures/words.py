"""The figures of the network that writes words backward: how it works, and what it can do."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from cells import NARROW, WIDE
from drawing import Drawing, Point, arrow, box, gap, line, lines, text
from plots import MARKS, Plane

HERE = Path(__file__).parent
READ, WRITTEN = "bag", ["START", "g", "a", "b", "END"]
UP, DOWN = 62, 58  # from the middle of a cell to what it writes and reads


def encoder_decoder(wide: bool) -> Drawing:
    """Draw how a word is read and written backward: side by side, or one above the other."""
    if wide:
        reading: list[Point] = [(30.0 + 62 * i, 130) for i in range(3)]
        writing: list[Point] = [(322.0 + 84 * i, 130) for i in range(4)]
        state = [(reading[-1][0] + 19, 130), (writing[0][0] - 19, 130)]
        names = [text(230, 114, "$h$ and $c$", "state"), text(230, 148, "context vector", "state")]
        height = 258
    else:
        reading = [(40.0 + 62 * i, 100) for i in range(3)]
        writing = [(36.0 + 72 * i, 344) for i in range(4)]
        state = [(183, 100), (254, 100), (254, 222), (0, 222), (0, 344), (17, 344)]
        names = [
            text(254, 84, "$h$ and $c$", "state"),
            text(127, 206, "context vector", "state"),
        ]
        height = 468
    top = -UP - 40
    shapes = [
        text(
            (reading[0][0] + reading[-1][0]) / 2, reading[0][1] + (top if wide else -UP), "encoder", "strong"
        ),
        text((writing[0][0] + writing[-1][0]) / 2, writing[0][1] + top, "decoder", "strong"),
        *_row(reading, READ),
        *_row(writing, WRITTEN[:-1]),
        arrow(*state, look="state bold"),
        *names,
    ]
    for (x, y), symbol in zip(writing, WRITTEN[1:], strict=True):
        shapes += [arrow((x, y - 20), (x, y - UP + 12)), text(x, y - UP, symbol, "strong")]
    half = (writing[1][0] - writing[0][0]) / 2
    for x, y in writing[:-1]:
        way = [(x + 12, y - UP), (x + half, y - UP), (x + half, y + DOWN), (x + 2 * half - 12, y + DOWN)]
        shapes += [gap(x + half, y), arrow(*way, look="gate dash")]
    words = [
        "in training, the decoder reads the right symbols;",
        "in use, it reads what it has written (dashed)",
    ]
    bottom = height - 26
    shapes.append(
        text(WIDE / 2, bottom, " ".join(words), "soft")
        if wide
        else lines(
            NARROW / 2,
            bottom,
            ["in training, it reads the right symbols;", "in use, what it has written (dashed)"],
            "soft",
        )
    )
    return Drawing(WIDE if wide else NARROW, height, tuple(shapes))


def _row(cells: Sequence[Point], symbols: Sequence[str]) -> Iterator[str]:
    """Draw cells with the state between them, and what each of them reads."""
    for (x, y), symbol in zip(cells, symbols, strict=True):
        yield arrow((x, y + DOWN - 12), (x, y + 20), look="input")
        yield text(x, y + DOWN, symbol, "input strong")
        yield box(x, y, 38, 40, "state")
    for (x, y), (after, _) in pairwise(cells):
        yield arrow((x + 19, y), (after - 19, y), look="state")


def word_length(wide: bool) -> Drawing:
    """Plot the share of words that are right, of `words.json`, against their length."""
    measured = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
    longest = measured["conditions"]["longest"]
    width, height = (WIDE if wide else NARROW), 312
    plane = Plane(48, width - (84 if wide else 8), 44, height - 52, (3, 18), (0, 1))
    x = plane.at(longest, 0)[0]
    shapes = [
        text(0, 10, "words without an error", "soft", "start"),
        *plane.rows({share / 4: f"{share * 25}%" for share in range(5)}),
        *plane.columns({n: str(n) for n in range(3, 19, 1 if wide else 3)}),
        text((plane.left + plane.right) / 2, height - 14, "letters of the word", "soft"),
        line((x, plane.top - 8), (x, plane.bottom), look="ink dash thin"),
        text(x + 7, plane.top - 10, "longest in training", "", "start")
        if wide
        else text(x + 4, plane.top - 16, "longest in training", "", "middle"),
    ]
    for run, mark, (length, anchor, right, up) in zip(
        measured["lengths"],
        ("square", "circle"),
        ((8, "end", -10, -12), (13, "start", 12, -8)),
        strict=True,
    ):
        points = {int(n): _mean(shares) for n, shares in run["right"].items()}
        shapes.append(line(*(plane.at(n, share) for n, share in points.items()), look="state"))
        shapes += [MARKS[mark](*plane.at(n, share)) for n, share in points.items()]
        at = plane.at(length, points[length])
        shapes.append(text(at[0] + right, at[1] - up, f"{run['units']} units", "strong halo", anchor))
    return Drawing(width, height, tuple(shapes))


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)
