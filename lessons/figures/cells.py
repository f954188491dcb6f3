"""The figures of recurrent networks and their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from drawing import Drawing, arrow, box, circle, dot, gap, line, lines, sign, text

WIDE, NARROW = 608, 288  # a column of text, and the same on a phone


def rnn_unfolded(wide: bool) -> Drawing:
    """Draw an RNN folded and unfolded: side by side, or one above the other."""
    if wide:
        xs = [264.0 + 94 * i for i in range(4)]
        shapes = [
            *_folded(44, 116),
            text(44, 247, "folded", "soft"),
            line((174, 112), (190, 112)),
            line((174, 119), (190, 119)),
            *_unfolded(xs, 116, 56),
        ]
        return Drawing(WIDE, 264, tuple(shapes))
    shapes = [
        *_folded(108, 116),
        text(108, 238, "folded", "soft"),
        line((136, 264), (152, 264)),
        line((136, 271), (152, 271)),
        *_unfolded([45.0, 115, 185, 255], 400, 38),
    ]
    return Drawing(NARROW, 560, tuple(shapes))


def _column(x: float, y: float, width: float, step: str) -> Iterator[str]:
    """Draw the cell at one step with its input and output."""
    yield arrow((x, y + 80), (x, y + 25), look="input")
    yield arrow((x, y - 25), (x, y - 80))
    yield box(x, y, width, 50, "state")
    yield from [lines(x, y, ["RNN", "cell"])]
    yield text(x, y + 94, f"$x_{{{step}}}$", "input")
    yield text(x, y - 94, f"$y_{{{step}}}$")
    yield text(x + 7, y + 50, "$W_{x}$", "gate", "start")
    yield text(x + 7, y - 46, "$W_{y}$", "gate", "start")


def _folded(x: float, y: float) -> Iterator[str]:
    yield from _column(x, y, 56, "t")
    right, far = x + 28, x + 72
    yield arrow((right, y - 13), (far, y - 13), (far, y + 13), (right, y + 13), look="state")
    yield text(right + 26, y - 28, "$h_{t}$", "state")
    yield text(right + 26, y + 29, "$h_{t-1}$", "state")
    yield text(far + 7, y, "$W_{h}$", "gate", "start")


def _unfolded(xs: Sequence[float], y: float, width: float) -> Iterator[str]:
    half, pitch = width / 2, xs[1] - xs[0]
    between = pitch - width
    yield arrow((xs[0] - half - min(between, 25), y), (xs[0] - half, y), look="state")
    yield text(xs[0] - half - 15, y - 15, "$h_{0}$", "state")
    for i, x in enumerate(xs, 1):
        yield from _column(x, y, width, str(i))
        last = i == len(xs)
        middle = x + half + (12 if last else between / 2 - 2)
        yield arrow((x + half, y), (x + half + (15 if last else between), y), look="state")
        if not last:
            yield text(middle, y + 17, "$W_{h}$", "gate")
        if not last or width > 50:
            yield text(middle, y - 15, f"$h_{{{i}}}$", "state")
    left, right = xs[0] - half, xs[-1] + half
    yield line((left, y + 110), (left, y + 116), (right, y + 116), (right, y + 110), look="soft thin")
    middle = (left + right) / 2
    words = "unfolded: the same cell and the same weights at every step"
    if right - left > 330:
        yield text(middle - 2, y + 131, words, "soft")
    else:
        yield lines(
            middle, y + 140, ["unfolded: the same cell", "and the same weights at every step"], "soft"
        )


# title, steps, steps with an input, steps with an output
ARRANGEMENTS = (
    (("one-to-", "one"), 1, {0}, {0}),
    (("one-to-", "many"), 3, {0}, {0, 1, 2}),
    (("many-to-", "one"), 3, {0, 1, 2}, {2}),
    (("many-to-many,", "synced"), 3, {0, 1, 2}, {0, 1, 2}),
    (("many-to-many,", "sequence-to-sequence"), 5, {0, 1, 2}, {3, 4}),
)
PITCH = 30  # from one step to the next


def io_architectures(wide: bool) -> Drawing:
    """Draw five arrangements of inputs and outputs, in one row or in three."""
    rows = [[0, 1, 2, 3, 4]] if wide else [[0, 1], [2, 3], [4]]
    shapes: list[str] = []
    for row, numbers in enumerate(rows):
        top = row * 204
        for y, name in ((68, "output"), (114, "cell"), (160, "input")):
            shapes.append(text(0, top + y, name, "soft", "start"))
        start = 70.0 if wide else 74.0
        for place, n in enumerate(numbers):
            x = start + 54 * place + PITCH * sum(ARRANGEMENTS[m][1] - 1 for m in numbers[:place])
            if not wide:
                x = start + 110 * place
            title, steps, inputs, outputs = ARRANGEMENTS[n]
            shapes += [lines(x + (steps - 1) * PITCH / 2, top + 18, title)]
            shapes += _arrangement(x, top + 114, steps, inputs, outputs)
    return Drawing(WIDE if wide else NARROW, 178 + 204 * (len(rows) - 1), tuple(shapes))


def _arrangement(x: float, y: float, steps: int, inputs: set[int], outputs: set[int]) -> Iterator[str]:
    for step in range(steps):
        at = x + step * PITCH
        if step:
            yield arrow((at - PITCH + 9, y), (at - 9, y), look="state")
        if step in inputs:
            yield arrow((at, y + 37), (at, y + 15), look="input")
            yield circle(at, y + 46, 9, "b-input")
        if step in outputs:
            yield arrow((at, y - 15), (at, y - 37))
            yield box(at, y - 46, 18, 18, radius=0)
        yield box(at, y, 18, 30, "state", radius=3)


def layer_shapes(wide: bool) -> Drawing:
    """Draw the layers of a many-to-one and of a many-to-many model, side by side or one above the other."""
    if wide:
        shapes = [*_stack(24, 0, many=False), *_stack(336, 0, many=True)]
        return Drawing(WIDE, 290, tuple(shapes))
    return Drawing(NARROW, 526, (*_stack(24, 0, many=False), *_stack(24, 236, many=True, title=66)))


def _stack(x: float, top: float, many: bool, title: float = 14) -> Iterator[str]:
    """Draw the layers of one model over four steps, and the shape after each layer to their right."""
    xs = [x + 44 * i for i in range(4)]
    yield text(
        x - 16, top + title, "one answer per step" if many else "one answer per sequence", "strong", "start"
    )
    rows = [("cells", xs), ("Dense", xs)] if many else [("cells", xs), ("cells", xs), ("Dense", xs[-1:])]
    y = top + 268.0
    yield from (circle(at, y, 9, "b-input") for at in xs)
    yield text(xs[-1] + 30, y, "(None, 4, 3)", "soft", "start")
    below = xs
    for n, (kind, places) in enumerate(rows):
        look = "input" if n == 0 else "ink"
        above = places if kind == "cells" else [at for at in below if at in places]
        yield from (arrow((at, y - (9 if n == 0 else 15)), (at, y - 45), look=look) for at in above)
        y -= 60
        for before, at in pairwise(places):
            if kind == "cells":
                yield arrow((before + 16, y), (at - 16, y), look="state")
        for at in places:
            yield box(
                at, y, 32 if kind == "cells" else 40, 30, "state" if kind == "cells" else "gate", radius=3
            )
            yield text(at, y, "RNN" if kind == "cells" else "Dense", "sub")
        last = (many or n != 1) and kind == "cells"
        shape = {
            "cells": "(None, 4, 8)" if last else "(None, 8)",
            "Dense": "(None, 4, 2)" if many else "(None, 2)",
        }
        yield text(xs[-1] + 30, y - 30, shape[kind], "soft", "start")
        below = places
    for at in below:
        yield arrow((at, y - 15), (at, y - 32))
        yield box(at, y - 41, 18, 18, radius=0)


def lstm_cell(wide: bool) -> Drawing:
    """Draw one step of an LSTM cell."""
    width = WIDE if wide else NARROW
    forget, write, new, show = (140, 258, 376, 494) if wide else (31, 97, 171, 245)
    size = 96 if wide else 58
    top, middle, gates, h, x = 52, 150, 236, 298, 330
    left, right = (48, width - 40) if wide else (0, width)
    shapes = [
        # the cell state, along the top
        arrow((left, top), (forget - 11, top), look="state bold"),
        arrow((forget + 11, top), (new - 11, top), look="state bold"),
        arrow((new + 11, top), (right, top), look="state bold"),
        text((forget + new) / 2, top - 18, "cell state", "state"),
        *_ends(wide, width, top, "$c_{t-1}$", "$c_{t}$"),
        # what the gates read, along the bottom
        *_buses(left, (forget, write, new, show), h, x, gates + 22),
        text(
            left - 8 if wide else 0, h if wide else h + 15, "$h_{t-1}$", "state", "end" if wide else "start"
        ),
        text(left - 8 if wide else 0, x if wide else x + 15, "$x_{t}$", "input", "end" if wide else "start"),
        # forget gate
        arrow((forget, gates), (forget, top + 11), look="gate"),
        sign(forget, top, "×", "gate"),
        text(forget + 9, 100, "what to keep", "soft", "start"),
        # input gate and candidate
        arrow((new, gates), (new, middle + 11), look="input"),
        arrow((write, gates), (write, middle), (new - 11, middle), look="gate"),
        sign(new, middle, "×", "gate"),
        arrow((new, middle - 11), (new, top + 11), look="input"),
        sign(new, top, "+", "state"),
        text(new - 9, 100 if wide else 124, "what to add", "soft", "end"),
        # output gate
        dot(show, top, "state"),
        arrow((show, top), (show, 84), look="state"),
        box(show, 97, 48, 26),
        text(show, 97, "tanh"),
        arrow((show, 110), (show, middle - 11), look="state"),
        arrow((show, gates), (show, middle + 11), look="gate"),
        sign(show, middle, "×", "gate"),
        arrow((show + 11, middle), (right, middle), look="state"),
        *_outcome(wide, width, middle, "$h_{t}$"),
        text(show - 9, 188, "what to output", "soft", "end")
        if wide
        else lines(show - 9, 188, ["what to", "output"], "soft", "end"),
    ]
    names = (
        ("forget gate", "input gate", "candidate", "output gate")
        if wide
        else ("forget", "input", "candidate", "output")
    )
    for at, name, value in zip(
        (forget, write, new, show),
        names,
        ("$f_{t}$ (σ)", "$i_{t}$ (σ)", "$g_{t}$ (tanh)", "$o_{t}$ (σ)"),
        strict=True,
    ):
        look = "input" if name == "candidate" else "gate"
        shapes += [
            box(at, gates, 74 if not wide and look == "input" else size, 44, look),
            lines(at, gates, [name, value]),
        ]
    return Drawing(width, 402 if not wide else 374, (*shapes, *_footnote(wide, 362 if wide else 376)))


def gru_cell(wide: bool) -> Drawing:
    """Draw one step of a GRU cell as Keras computes it, with the reset after the multiplication."""
    width = WIDE if wide else NARROW
    update, reset, old, new = (150, 262, 374, 486) if wide else (44, 110, 178, 250)
    top, mix, middle, gates, h, x = 52, 106, 170, 240, 302, 334
    left, right, branch = (48, width - 40, 74) if wide else (0, width, 6)
    shapes = [
        # the state, along the top
        arrow((left, top), (update - 11, top), look="state bold"),
        arrow((update + 11, top), (new - 11, top), look="state bold"),
        arrow((new + 11, top), (right, top), look="state bold"),
        text((update + new) / 2, top - 18, "state", "state"),
        *_ends(wide, width, top, "$h_{t-1}$", "$h_{t}$"),
        # what the gates read
        dot(branch, top, "state"),
        arrow((branch, top), (branch, h), (old, h), (old, gates + 22), look="state"),
        arrow((left, x), (new, x), (new, middle + 22), look="input"),
        *_branches((update, reset), h, x, gates + 22),
        text(left - 8 if wide else 0, x if wide else x + 15, "$x_{t}$", "input", "end" if wide else "start"),
        # update gate: what is kept, and the rest for what is added
        arrow((update, gates), (update, top + 11), look="gate"),
        sign(update, top, "×", "gate"),
        text(update + 9, 82, "what to keep", "soft", "start"),
        dot(update, mix, "gate"),
        arrow((update, mix), (new - 11, mix), look="gate"),
        box((update + new) / 2, mix, 56, 26, "gate"),
        text((update + new) / 2, mix, "$1 - z_{t}$"),
        arrow((new, middle), (new, mix + 11), look="input"),
        sign(new, mix, "×", "gate"),
        arrow((new, mix - 11), (new, top + 11), look="input"),
        sign(new, top, "+", "state"),
        text(new - 9, 82, "what to add", "soft", "end"),
        # reset gate: how much of the old state the candidate sees
        arrow((old, gates), (old, middle + 11), look="state"),
        arrow((reset, gates), (reset, middle), (old - 11, middle), look="gate"),
        sign(old, middle, "×", "gate"),
        arrow((old + 11, middle), (new - (48 if wide else 37), middle), look="state"),
        lines((reset + old) / 2 - 8, 142, ["old state for", "the candidate"], "soft", leading=16),
    ]
    boxes = [
        (update, gates, "gate", 60, ["update gate" if wide else "update", "$z_{t}$ (σ)"]),
        (reset, gates, "gate", 58, ["reset gate" if wide else "reset", "$r_{t}$ (σ)"]),
        (old, gates, "state", 66, ["$R_{g} h_{t-1}$", "$+ b′_{g}$"]),
        (new, middle, "input", 74, ["candidate", "$g_{t}$ (tanh)"]),
    ]
    for at, y, look, size, words in boxes:
        shapes += [
            box(at, y, 96 if wide else size, 44, look),
            lines(at, y, words, leading=20 if at == old else 17),
        ]
    return Drawing(width, 406 if not wide else 378, (*shapes, *_footnote(wide, 366 if wide else 380)))


def _buses(left: float, columns: Sequence[float], h: float, x: float, gates: float) -> Iterator[str]:
    """Draw how the old state (at height h) and the input (at height x) reach the boxes above."""
    *others, last = columns
    yield arrow((left, h), (last - 12, h), (last - 12, gates), look="state")
    yield arrow((left, x), (last + 12, x), (last + 12, gates), look="input")
    yield from _branches(others, h, x, gates)


def _branches(columns: Sequence[float], h: float, x: float, top: float) -> Iterator[str]:
    """Draw the branches of both lines to each box. Those of the input pass over the old state."""
    for at in columns:
        yield arrow((at - 12, h), (at - 12, top), look="state")
        yield dot(at - 12, h, "state")
        yield gap(at + 12, h)
        yield arrow((at + 12, x), (at + 12, top), look="input")
        yield dot(at + 12, x, "input")


def _ends(wide: bool, width: float, y: float, before: str, after: str) -> list[str]:
    """Name what enters and leaves along the top."""
    if wide:
        return [text(40, y, before, "state", "end"), text(width - 32, y, after, "state", "start")]
    return [text(0, y - 24, before, "state", "start"), text(width, y - 24, after, "state", "end")]


def _outcome(wide: bool, width: float, y: float, name: str) -> list[str]:
    if wide:
        return [text(width - 32, y, name, "state", "start")]
    return [text(width, y - 16, name, "state", "end")]


def _footnote(wide: bool, y: float) -> list[str]:
    words = ["× and + work element by element;", "σ: sigmoid, from 0 to 1"]
    if wide:
        return [text(WIDE / 2, y, " ".join(words), "soft")]
    return [lines(NARROW / 2, y, words, "soft")]
