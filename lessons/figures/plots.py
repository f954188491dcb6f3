"""The figures that plot numbers: computed here, or measured and noted with their conditions."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cells import NARROW, WIDE
from drawing import Drawing, Point, circle, line, lines, number, text

HERE = Path(__file__).parent

# |gradient at the input `lag` steps before the last| / |gradient at the last input|; 32 units,
# 8 features, 101 steps, batch of 16, loss on the last state, before training, median of 10 seeds.
# None: too small for 32-bit floats.
LAGS = (0, 1, 5, 10, 20, 50, 100)
RNN_GRADIENTS = {
    "linear, weights × 1.2": (1, 1.3, 2.9, 6.3, 42, 1.1e4, 8.1e7),
    "tanh, weights × 1.5": (1, 0.88, 0.73, 0.56, 0.31, 5.6e-2, 4.5e-3),
    "tanh, Keras default": (1, 0.70, 0.20, 3.1e-2, 1.2e-3, 6.3e-8, 4.7e-15),
    "tanh, weights × 0.5": (1, 0.39, 9.6e-3, 7.2e-5, 5.5e-9, None, None),
}
GATED_GRADIENTS = {
    "LSTM, forget bias 5": (1, 0.35, 0.29, 0.27, 0.32, 0.49, 5.7),
    "GRU, update bias 5": (1, 1.0, 0.94, 0.92, 0.86, 0.68, 0.47),
    "LSTM, Keras default": (1, 0.68, 0.21, 6.1e-2, 8.7e-3, 2.0e-5, 1.2e-9),
    "simple RNN, Keras default": (1, 0.70, 0.20, 3.1e-2, 1.2e-3, 6.3e-8, 4.7e-15),
    "GRU, Keras default": (1, 0.49, 4.4e-2, 4.4e-3, 3.5e-5, 2.0e-11, None),
}


@dataclass(frozen=True)
class Plane:
    """A rectangle of the sheet, and what lies on its edges."""

    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]  # the values at the left and right edge
    y: tuple[float, float]  # the values at the bottom and top edge

    def at(self, x: float, y: float) -> Point:
        """Return where a pair of values lies on the sheet."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (self.right - self.left), self.bottom - up * (self.bottom - self.top)

    def rows(self, ticks: Mapping[float, str]) -> Iterator[str]:
        """Draw horizontal lines at these values, named on the left."""
        for value, name in ticks.items():
            y = self.at(0, value)[1]
            yield line((self.left, y), (self.right, y), look="line")
            yield text(self.left - 8, y, name, "soft", "end")

    def columns(self, ticks: Mapping[float, str]) -> Iterator[str]:
        """Draw the lower edge, with marks at these values."""
        yield line((self.left, self.bottom), (self.right, self.bottom), look="soft thin")
        for value, name in ticks.items():
            x = self.at(value, 0)[0]
            yield line((x, self.bottom), (x, self.bottom + 5), look="soft thin")
            yield text(x, self.bottom + 17, name, "soft")


MARKS: dict[str, Callable[[float, float], str]] = {
    "circle": lambda x, y: circle(x, y, 4, "f-ink"),
    "square": lambda x, y: _mark(x, y, "square", [(-4, -4), (4, -4), (4, 4), (-4, 4)]),
    "triangle": lambda x, y: _mark(x, y, "triangle", [(0, -5), (5, 4), (-5, 4)]),
    "diamond": lambda x, y: _mark(x, y, "diamond", [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)]),
    "wedge": lambda x, y: _mark(x, y, "wedge", [(-5, -4), (5, -4), (0, 5)]),
}


def _mark(x: float, y: float, name: str, corners: Sequence[Point], classes: str = "f-ink") -> str:
    path = "L".join(f"{number(x + a)} {number(y + b)}" for a, b in corners)
    return f'<path class="{classes}" d="M{path}Z"/>'


def power(exponent: int) -> str:
    """Return a power of ten as a label."""
    return {0: "1", 1: "10"}.get(exponent, f"10$^{{{exponent}}}$")


def gradient_lag_rnn(wide: bool) -> Drawing:
    """Plot how gradients of simple RNNs vanish and explode."""
    names = {
        "linear, weights × 1.2": (49, 5.6, "end") if wide else (3, 6.7, "start"),
        "tanh, weights × 1.5": (99, 0.6 if wide else 0.9, "end"),
        "tanh, Keras default": (57, -6.8, "start") if wide else (100, -4.7, "end"),
        "tanh, weights × 0.5": (23, -8.8, "start") if wide else (2, -10.2, "start"),
    }
    return _gradients(wide, RNN_GRADIENTS, names, range(-16, 9, 4), opened=())


def gradient_lag_gated(wide: bool) -> Drawing:
    """Plot how much further gradients reach if a bias holds the gate open."""
    names = {
        "LSTM, forget bias 5": (99, 1.9, "end"),
        "GRU, update bias 5": (99, -1.3, "end"),
        "LSTM, Keras default": (68, -5.2, "start") if wide else (100, -2.9, "end"),
        "simple RNN, Keras default": (84, -13.6, "end") if wide else (2, -14.2, "start"),
        "GRU, Keras default": (34, -9.4, "end") if wide else (2, -12.4, "start"),
    }
    opened = ("LSTM, forget bias 5", "GRU, update bias 5")
    return _gradients(wide, GATED_GRADIENTS, names, range(-16, 5, 4), opened)


def _gradients(
    wide: bool,
    curves: Mapping[str, tuple[float | None, ...]],
    names: Mapping[str, tuple[float, float, str]],
    exponents: range,
    opened: Sequence[str],
) -> Drawing:
    """Plot the curves on a logarithmic axis, each with its name beside it, so that no legend is needed."""
    width, height = (WIDE, 372) if wide else (NARROW, 392)
    plane = Plane(54, width - 16, 34, height - 52, (0, 100), (exponents[0], exponents[-1]))
    shapes = [
        text(0, 10, "gradient, relative to lag 0", "soft", "start"),
        *plane.rows({exponent: power(exponent) for exponent in exponents}),
        *plane.columns({lag: str(lag) for lag in (0, 20, 40, 60, 80, 100)}),
        text((plane.left + plane.right) / 2, height - 14, "lag: time steps before the last input", "soft"),
    ]
    looks = ("", "dash", "", "dash", "dot")
    for (name, values), look, mark in zip(curves.items(), looks, MARKS, strict=False):
        color = "gate" if name in opened else "ink"
        spots = [
            plane.at(lag, math.log10(value))
            for lag, value in zip(LAGS, values, strict=True)
            if value is not None
        ]
        shapes.append(line(*spots, look=f"{color} {look}".strip()))
        shapes += [MARKS[mark](x, y).replace("f-ink", f"f-{color}") for x, y in spots[1:]]
        lag, exponent, anchor = names[name]
        look = "halo gate strong" if color == "gate" else "halo"
        shapes.append(text(*plane.at(lag, exponent), name, look, anchor))
    return Drawing(width, height, tuple(shapes))


def sliding_windows(wide: bool) -> Drawing:
    """Plot three windows on the sine wave, with their targets, and the border between training and test."""
    points, length, border = 100, 10, 82
    width, height = (WIDE, 386) if wide else (NARROW, 400)
    plane = Plane(34 if wide else 30, width - 12, 56, height - 52, (-1, points), (-1.75, 1.1))
    wave = [math.sin(10 * i / (points - 1)) for i in range(points)]
    edge = plane.at(border - 0.5, 0)[0]
    shapes = [
        *plane.rows({1: "1", 0: "0", -1: "−1"}),
        *plane.columns({i: str(i) for i in (0, 20, 40, 60, 80, 99)}),
        text((plane.left + plane.right) / 2, height - 14, "index of the point", "soft"),
        line((edge, 8), (edge, plane.bottom), look="ink dash thin"),
        *(circle(*plane.at(i, value), 2 if wide else 1.3, "f-soft") for i, value in enumerate(wave)),
    ]
    if wide:
        shapes += [
            text(edge - 9, 14, "training: targets 10–81", "", "end"),
            text(edge + 9, 14, "test: 82–99", "", "start"),
        ]
    else:
        shapes += [
            lines(edge - 7, 20, ["training:", "targets 10–81"], "", "end"),
            lines(edge + 7, 20, ["test:", "82–99"], "", "start"),
        ]
    for start, level, anchor in ((0, -0.28, "start"), (35, 0.12, "middle"), (89, -0.86, "end")):
        end = start + length
        shapes += [circle(*plane.at(i, wave[i]), 4 if wide else 2.6, "f-input") for i in range(start, end)]
        x, y = plane.at(end, wave[end])
        shapes.append(_mark(x, y, "diamond", [(0, -7.5), (7.5, 0), (0, 7.5), (-7.5, 0)], "b-ink"))
        (left, y), (right, _) = plane.at(start - 0.4, level), plane.at(end - 0.6, level)
        tip = y - 6 if level < 0 else y + 6
        shapes.append(line((left, tip), (left, y), (right, y), (right, tip), look="input"))
        x = {
            "start": left,
            "middle": (left + right) / 2 + (24 if wide else 20),
            "end": plane.at(end, 0)[0] + 6,
        }[anchor]
        below = y + 17 if level < 0 else y - 17 * 2 - 15
        shapes.append(text(x, below, f"window {start}", "halo strong input", anchor))
        shapes.append(text(x, below + 17, f"inputs {start}–{end - 1}", "halo input", anchor))
        shapes.append(text(x, below + 34, f"target {end}", "halo", anchor))
    return Drawing(width, height, tuple(shapes))


def parameter_counts(wide: bool) -> Drawing:
    """Plot the numbers of weights against the units, for one feature, as Keras counts them."""
    width, height = (WIDE, 352) if wide else (NARROW, 352)
    plane = Plane(60 if wide else 54, width - (152 if wide else 106), 34, height - 52, (0, 60), (0, 16000))
    cells: dict[str, tuple[str, Callable[[int], int], str, float]] = {
        "LSTM": ("$4U(U + D + 1)$", lambda u: 4 * u * (u + 1 + 1), "end", -13),
        "GRU": ("$3U(U + D + 2)$", lambda u: 3 * u * (u + 1 + 2), "start", 15),
        "simple RNN": ("$U(U + D + 1)$", lambda u: u * (u + 1 + 1), "start", 15),
    }
    x = plane.at(50, 0)[0]
    shapes = [
        text(0, 10, "weights of the layer", "soft", "start"),
        *plane.rows({n: f"{n:,}" for n in range(0, 16001, 4000)}),
        *plane.columns({n: str(n) for n in range(0, 61, 10 if wide else 20)}),
        text((plane.left + plane.right) / 2, height - 14, "units $U$", "soft"),
        line((x, plane.top), (x, plane.bottom), look="soft thin dash"),
    ]
    for (name, (formula, count, anchor, below)), look, mark in zip(
        cells.items(), ("", "dash", ""), ("triangle", "wedge", "square"), strict=True
    ):
        shapes.append(line(*(plane.at(u, count(u)) for u in range(0, 61, 2)), look=f"ink {look}".strip()))
        end_x, end_y = plane.at(60, count(60))
        shapes.append(text(end_x + 8, end_y - 9, name, "strong", "start"))
        shapes.append(text(end_x + 8, end_y + 10, formula if wide else formula.replace(" ", ""), "", "start"))
        x, y = plane.at(50, count(50))
        shapes.append(MARKS[mark](x, y))
        shapes.append(text(x + (-8 if anchor == "end" else 7), y + below, f"{count(50):,}", "halo", anchor))
    return Drawing(width, height, tuple(shapes))


def cell_comparison(wide: bool) -> Drawing:
    """Plot the test errors of `comparison.json`, a point per seed, beside the error of persistence."""
    measured = json.loads((HERE / "comparison.json").read_text(encoding="utf-8"))
    persistence = math.log10(measured["conditions"]["persistence_mse"])
    width = WIDE if wide else NARROW
    step = 34 if wide else 46
    groups = sorted({run["epochs"] for run in measured["runs"]})
    height = 46 + len(groups) * (30 + 3 * step + 14) + 46
    plane = Plane(216 if wide else 8, width - (72 if wide else 8), 44, height - 50, (-6.2, -1.8), (0, 1))
    x = plane.at(persistence, 0)[0]
    baseline = f"persistence: {_short(measured['conditions']['persistence_mse'])}"
    shapes = [
        text(x, 12, baseline, "strong", "middle" if wide else "end"),
        *plane.columns({exponent: power(exponent) for exponent in range(-6, -1)}),
        text((plane.left + plane.right) / 2, height - 12, "mean squared error on the test windows", "soft"),
        line((x, 24), (x, plane.bottom), look="ink dash"),
    ]
    y = 46.0
    for epochs in groups:
        runs = [run for run in measured["runs"] if run["epochs"] == epochs]
        best = min(_mean(run["test_mse"]) for run in runs)
        shapes.append(text(0, y, f"after {epochs} epochs", "soft strong", "start"))
        if wide and epochs == groups[0]:
            shapes.append(text(width, y, "mean", "soft", "end"))
        y += 30
        for run in runs:
            shapes += _row(plane, wide, y, run, best)
            y += step
        y += 14
    return Drawing(width, height, tuple(shapes))


def _row(plane: Plane, wide: bool, y: float, run: dict[str, Any], best: float) -> Iterator[str]:
    """Draw the errors of one cell: a circle per seed, and a bar at their mean."""
    mean = _mean(run["test_mse"])
    look = "strong" if mean == best else ""
    yield text(0, y, KINDS[run["kind"]], "strong", "start")
    if wide:
        yield text(96, y, f"{run['params']:,} weights", "soft", "start")
        yield text(WIDE, y, _short(mean), look, "end")
    else:
        yield text(100, y, f"mean {_short(mean)}", look, "start")
        y += 20
    yield line((plane.left, y), (plane.right, y), look="line")
    for error in run["test_mse"]:
        yield circle(plane.at(math.log10(error), 0)[0], y, 4.5, "l-ink")
    at = plane.at(math.log10(mean), 0)[0]
    yield line((at, y - 10), (at, y + 10), look="ink bold")


KINDS = {"rnn": "simple RNN", "lstm": "LSTM", "gru": "GRU"}


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _short(value: float) -> str:
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}e{int(exponent)}"
