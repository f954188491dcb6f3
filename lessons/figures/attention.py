"""The figures of attention: one query that looks at three words, and weights with and without a mask."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from cells import NARROW, WIDE
from drawing import Drawing, arrow, box, line, lines, number, text

Rows = Sequence[Sequence[float]]

WORDS = ("die", "Katze", "schläft")
QUERY = (2, 0, 1, 0)  # of the decoder, which is about to write "cat"
KEYS = ((0, 1, 0, 0), (2, 0, 0, 1), (1, 1, 0, 0))
VALUES = ((0, 0), (10, 0), (0, 10))

SENTENCE = ("the", "cat", "chased", "the", "mouse")
# what a word asks for and what it offers: noun, verb, other
ASKS = {"the": (2, 0, 0), "cat": (0, 2, 0), "chased": (2, 0, 0), "mouse": (0, 2, 0)}
OFFERS = {"the": (0, 0, 1), "cat": (2, 0, 0), "chased": (0, 2, 0), "mouse": (2, 0, 0)}


def weights(queries: Rows, keys: Rows, causal: bool = False) -> list[list[float]]:
    """Return the softmax of the scaled dot products, a row per query. `causal` hides later keys."""
    rows = []
    for i, query in enumerate(queries):
        seen = keys[: i + 1] if causal else keys
        scores = [_dot(query, key) / math.sqrt(len(query)) for key in seen]
        exponentials = [math.exp(score) for score in scores]
        rows.append([each / sum(exponentials) for each in exponentials])
    return rows


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _vector(numbers: Sequence[float]) -> str:
    return f"({', '.join(f'{n:.3g}' for n in numbers)})"


def attention_step(wide: bool) -> Drawing:
    """Draw how one query gets the average of three values."""
    width = WIDE if wide else NARROW
    xs = (228.0, 372.0, 516.0) if wide else (45.0, 144.0, 243.0)
    middle, size = xs[1], 104 if wide else 86
    scores = [_dot(QUERY, key) for key in KEYS]
    shares = weights([QUERY], KEYS)[0]
    result = [sum(share * value[i] for share, value in zip(shares, VALUES, strict=True)) for i in range(2)]
    # of the query, the keys, the scores, the scaled scores, the feet of the bars, the values, the result
    y = (20, 104, 164, 196, 284, 330, 408) if wide else (20, 118, 192, 240, 352, 414, 492)
    names = ("query of “cat”", "keys", "scores: query · key", "divided by √4", "softmax", "values", "result")
    shapes = [box(middle, y[0], 120, 28, "gate"), text(middle, y[0], _vector(QUERY), "gate")]
    for i, x in enumerate(xs):
        shapes += [
            arrow((middle + (i - 1) * 30, y[0] + 14), (x, y[1] - 24), look="gate"),
            box(x, y[1], size, 48, "input"),
            lines(x, y[1], [WORDS[i], _vector(KEYS[i])], "input"),
            line((x, y[1] + 24), (x, y[2] - (12 if wide else 30)), look="soft thin"),
            text(x, y[2], f"{scores[i]:g}"),
            text(x, y[3], f"{scores[i] / 2:g}"),
            *_bar(x, y[4], shares[i]),
            box(x, y[5], size, 28, "state"),
            text(x, y[5], _vector(VALUES[i]), "state"),
            arrow(
                (x, y[5] + 14), (middle + (i - 1) * 30, y[6] - 14), look="state bold" if i == 1 else "state"
            ),
        ]
    shapes += [box(middle, y[6], 120, 28, "state"), text(middle, y[6], _vector(result), "state strong")]
    for name, at in zip(names, y, strict=True):
        if wide:
            shapes.append(text(0, at - 20 if name == "softmax" else at, name, "soft", "start"))
    if not wide:
        shapes += _names_on_a_phone(names, y)
    return Drawing(width, y[6] + 20, tuple(shapes))


def _names_on_a_phone(names: Sequence[str], y: Sequence[float]) -> Iterator[str]:
    """Name the rows above them, where there is no room beside them."""
    yield text(0, y[0], "query", "soft", "start")
    yield text(0, y[1] - 38, "keys", "halo soft", "start")
    for row in (2, 3):
        yield text(144, y[row] - 21, names[row], "halo soft")
    yield text(144, y[3] + 28, "softmax: weights that add up to 1", "soft")
    yield text(144, y[5] - 28, "values", "halo soft")
    yield text(0, y[6], "result", "soft", "start")


def _bar(x: float, foot: float, share: float) -> Iterator[str]:
    height = 60 * share
    yield _square(x, foot - height / 2, 40, height)
    yield text(x, foot - height - 10, f"{share:.2f}", "strong")


def _square(x: float, y: float, width: float, height: float) -> str:
    left, top = number(x - width / 2), number(y - height / 2)
    return f'<rect class="f-state" x="{left}" y="{top}" width="{number(width)}" height="{number(height)}"/>'


def attention_masks(wide: bool) -> Drawing:
    """Draw the weights of a sentence that looks at itself, without and with a causal mask."""
    titles = ("every word may look at every word", "no word may look at a later one")
    shapes: list[str] = []
    for i, title in enumerate(titles):
        left, top = (i * 312.0, 0.0) if wide else (0.0, i * 312.0)
        shapes += _grid(left, top, title, causal=i == 1)
    return Drawing(WIDE if wide else NARROW, 292 if wide else 604, tuple(shapes))


CELL = 42  # of the grid


def _grid(left: float, top: float, title: str, causal: bool) -> Iterator[str]:
    table = weights([ASKS[w] for w in SENTENCE], [OFFERS[w] for w in SENTENCE], causal)
    x0, y0 = left + 62, top + 60
    end_x, end_y = x0 + CELL * len(SENTENCE), y0 + CELL * len(SENTENCE)
    yield text(left, top + 10, title, "strong", "start")
    for i, word in enumerate(SENTENCE):
        yield text(x0 - 8, y0 + CELL * (i + 0.5), word, anchor="end")
        yield text(x0 + CELL * (i + 0.5), y0 - 12, word, "soft")
    for i in range(len(SENTENCE) + 1):
        yield line((x0, y0 + CELL * i), (end_x, y0 + CELL * i), look="line")
        yield line((x0 + CELL * i, y0), (x0 + CELL * i, end_y), look="line")
    for i, row in enumerate(table):
        for j in range(len(SENTENCE)):
            x, y = x0 + CELL * (j + 0.5), y0 + CELL * (i + 0.5)
            if j >= len(row):
                yield line((x - 6, y), (x + 6, y), look="soft thin")
                continue
            side = 34 * math.sqrt(row[j])  # the area is the weight
            yield _square(x, y, side, side)
    yield text(x0, end_y + 16, "rows: queries, columns: keys", "soft", "start")
