"""Draw the figures of the lessons: `python lessons/figures/make_figures.py`.

Running it again writes the same bytes, so a changed file means a changed figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

HERE = Path(__file__).parent

# colors that readers with any color vision can tell apart (Okabe and Ito); shapes and labels differ too
INK, GREY = "#222222", "#6b6b6b"
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#d55e00", "#00795c", "#a64d79"
PALE_BLUE, PALE_ORANGE, PALE_GREEN = "#dcecf7", "#fbe5d6", "#d9efe6"

# text stays text in the pictures, so name fonts that a reader without the first one has
FONTS = "'DejaVu Sans', Verdana, Arial, sans-serif"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lesson figures",
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "mathtext.fontset": "dejavusans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
}

# |gradient at the input `lag` steps before the last| / |gradient at the last input|; 32 units,
# 8 features, 101 steps, batch of 16, loss on the last state, before training, median of 10 seeds.
# None: too small for 32-bit floats.
LAGS = (1, 5, 10, 20, 50, 100)
RNN_GRADIENTS = {
    "linear, weights × 1.2": (1.3, 2.9, 6.3, 42, 1.1e4, 8.1e7),
    "tanh, weights × 1.5": (0.88, 0.73, 0.56, 0.31, 5.6e-2, 4.5e-3),
    "tanh, Keras default": (0.70, 0.20, 3.1e-2, 1.2e-3, 6.3e-8, 4.7e-15),
    "tanh, weights × 0.5": (0.39, 9.6e-3, 7.2e-5, 5.5e-9, None, None),
}
GATED_GRADIENTS = {
    "LSTM, forget bias 5": (0.35, 0.29, 0.27, 0.32, 0.49, 5.7),
    "GRU, update bias 5": (1.0, 0.94, 0.92, 0.86, 0.68, 0.47),
    "LSTM, Keras default": (0.68, 0.21, 6.1e-2, 8.7e-3, 2.0e-5, 1.2e-9),
    "simple RNN, Keras default": (0.70, 0.20, 3.1e-2, 1.2e-3, 6.3e-8, 4.7e-15),
    "GRU, Keras default": (0.49, 4.4e-2, 4.4e-3, 3.5e-5, 2.0e-11, None),
}


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure whose axes fill it; one unit is one inch."""
    figure = plt.figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def box(
    axes: Axes, x: float, y: float, text: str, width: float, height: float, fill: str = PALE_BLUE
) -> None:
    """Draw a labeled box around its center."""
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=fill,
            edgecolor=INK,
            linewidth=1.3,
        )
    )
    axes.text(x, y, text, ha="center", va="center", linespacing=1.25)


def sign(axes: Axes, x: float, y: float, text: str) -> None:
    """Draw an element-wise operation: a sign in a circle."""
    axes.add_patch(Circle((x, y), 0.17, facecolor="white", edgecolor=INK, linewidth=1.3, zorder=3))
    axes.text(x, y, text, ha="center", va="center", zorder=4)


def arrow(axes: Axes, *points: tuple[float, float], color: str = INK, width: float = 1.4) -> None:
    """Draw a line along the points, with its head at the last."""
    *way, last, end = points
    if way:
        axes.plot(*zip(*way, last, strict=True), color=color, linewidth=width, solid_joinstyle="miter")
    axes.annotate(
        "",
        xy=end,
        xytext=last,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.22,head_length=0.45",
            "color": color,
            "linewidth": width,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def rnn_unfolded() -> Figure:
    figure, axes = canvas(9, 3.5)
    y = 1.9

    def cell(x: float, step: str) -> None:
        box(axes, x, y, "RNN\ncell", 0.95, 0.8)
        arrow(axes, (x, 0.98), (x, y - 0.4))
        arrow(axes, (x, y + 0.4), (x, 2.82))
        axes.text(x, 0.8, f"$x_{step}$", ha="center", va="center")
        axes.text(x, 3.0, f"$y_{step}$", ha="center", va="center")

    cell(1.0, "t")
    arrow(axes, (1.475, y), (1.85, y), (1.85, 1.2), (0.22, 1.2), (0.22, y), (0.525, y), color=BLUE, width=2)
    axes.text(1.95, y, "$h$", ha="left", va="center", color=BLUE)
    axes.text(1.0, 0.3, "folded", ha="center", va="center", color=GREY)
    axes.text(2.75, y, "=", ha="center", va="center", fontsize=24)

    xs = [4.1, 5.4, 6.7, 8.0]
    axes.text(3.18, y, "$h_0$", ha="right", va="center", color=BLUE)
    arrow(axes, (3.24, y), (xs[0] - 0.475, y), color=BLUE, width=2)
    for i, x in enumerate(xs, 1):
        cell(x, str(i))
        end = x + 0.825 if i < len(xs) else x + 0.75
        arrow(axes, (x + 0.475, y), (end, y), color=BLUE, width=2)
        axes.text(x + 0.64, y + 0.2, f"$h_{i}$", ha="center", va="center", color=BLUE)
    left, right = xs[0] - 0.475, xs[-1] + 0.475
    axes.plot([left, left, right, right], [0.6, 0.5, 0.5, 0.6], color=GREY, linewidth=1.2)
    axes.text(
        (left + right) / 2,
        0.26,
        "unfolded: the same cell and the same weights at every step",
        ha="center",
        va="center",
        color=GREY,
    )
    return figure


def io_architectures() -> Figure:
    figure, axes = canvas(9, 3.6)
    kinds = [  # title, steps, steps with an input, steps with an output
        ("one-to-\none", 1, {0}, {0}),
        ("one-to-\nmany", 3, {0}, {0, 1, 2}),
        ("many-to-\none", 3, {0, 1, 2}, {2}),
        ("many-to-many,\nsynced", 3, {0, 1, 2}, {0, 1, 2}),
        ("many-to-many,\nsequence-to-sequence", 5, {0, 1, 2}, {3, 4}),
    ]
    x, y, pitch = 0.5, 1.55, 0.43
    for title, steps, inputs, outputs in kinds:
        center = x + (steps - 1) * pitch / 2
        for step in range(steps):
            at = x + step * pitch
            axes.add_patch(Rectangle((at - 0.11, y - 0.22), 0.22, 0.44, facecolor=PALE_BLUE, edgecolor=INK))
            if step:
                arrow(axes, (at - pitch + 0.11, y), (at - 0.11, y), color=BLUE)
            if step in inputs:
                axes.add_patch(Circle((at, y - 0.85), 0.15, facecolor=PALE_ORANGE, edgecolor=INK))
                arrow(axes, (at, y - 0.7), (at, y - 0.22))
            if step in outputs:
                axes.add_patch(
                    Rectangle((at - 0.14, y + 0.7), 0.28, 0.28, facecolor=PALE_GREEN, edgecolor=INK)
                )
                arrow(axes, (at, y + 0.22), (at, y + 0.7))
        axes.text(center, 3.12, title, ha="center", va="center", linespacing=1.3)
        x += (steps - 1) * pitch + 0.92
    for at, label, patch in [
        (2.35, "input", Circle((2.1, 0.2), 0.13, facecolor=PALE_ORANGE, edgecolor=INK)),
        (4.05, "recurrent cell", Rectangle((3.7, 0.06), 0.22, 0.3, facecolor=PALE_BLUE, edgecolor=INK)),
        (6.45, "output", Rectangle((6.08, 0.08), 0.25, 0.25, facecolor=PALE_GREEN, edgecolor=INK)),
    ]:
        axes.add_patch(patch)
        axes.text(at, 0.2, label, ha="left", va="center", color=GREY)
    return figure


def lstm_cell() -> Figure:
    figure, axes = canvas(9, 4.9)
    axes.add_patch(
        FancyBboxPatch(
            (1.25, 0.85),
            6.5,
            3.7,
            boxstyle="round,pad=0,rounding_size=0.15",
            facecolor="#f7f7f7",
            edgecolor=GREY,
            linewidth=1.2,
        )
    )
    top, gates, bus = 3.9, 1.95, 1.15
    forget, write, candidate, show = 2.1, 3.65, 5.1, 6.55

    # the cell state, along the top
    arrow(axes, (0.95, top), (forget - 0.17, top), color=BLUE, width=3)
    arrow(axes, (forget + 0.17, top), (candidate - 0.17, top), color=BLUE, width=3)
    arrow(axes, (candidate + 0.17, top), (8.1, top), color=BLUE, width=3)
    sign(axes, forget, top, "×")
    sign(axes, candidate, top, "+")
    axes.text(0.85, top, "$c_{t-1}$", ha="right", va="center", color=BLUE)
    axes.text(8.2, top, "$c_t$", ha="left", va="center", color=BLUE)
    axes.text(3.6, top + 0.28, "cell state", ha="center", va="center", color=BLUE)

    # what the gates read, along the bottom
    axes.plot([0.95, show], [bus, bus], color=INK, linewidth=1.4)
    axes.plot([1.6, 1.6], [0.62, bus], color=INK, linewidth=1.4)
    axes.plot([1.6], [bus], marker="o", markersize=5, color=INK)
    axes.text(0.85, bus, "$h_{t-1}$", ha="right", va="center")
    axes.text(1.6, 0.42, "$x_t$", ha="center", va="center")
    for x, label, fill in [
        (forget, "forget\ngate $f_t$ (σ)", PALE_ORANGE),
        (write, "input\ngate $i_t$ (σ)", PALE_ORANGE),
        (candidate, "candidate\n$g_t$ (tanh)", PALE_GREEN),
        (show, "output\ngate $o_t$ (σ)", PALE_ORANGE),
    ]:
        arrow(axes, (x, bus), (x, gates - 0.35))
        box(axes, x, gates, label, 1.3, 0.7, fill)

    # what the gates act on
    arrow(axes, (forget, gates + 0.35), (forget, top - 0.17))
    axes.text(forget + 0.12, 3.35, "what to keep", ha="left", va="center", color=GREY)
    arrow(axes, (candidate, gates + 0.35), (candidate, 2.73))
    sign(axes, candidate, 2.9, "×")
    arrow(axes, (write, gates + 0.35), (write, 2.9), (candidate - 0.17, 2.9))
    arrow(axes, (candidate, 3.07), (candidate, top - 0.17))
    axes.text(candidate - 0.12, 3.35, "what to add", ha="right", va="center", color=GREY)
    tanh = 7.2
    arrow(axes, (tanh, top), (tanh, 3.62))
    axes.plot([tanh], [top], marker="o", markersize=5, color=BLUE)
    box(axes, tanh, 3.45, "tanh", 0.62, 0.34, "white")
    arrow(axes, (tanh, 3.28), (tanh, 2.92))
    sign(axes, tanh, 2.75, "×")
    arrow(axes, (show, gates + 0.35), (show, 2.75), (tanh - 0.17, 2.75))
    axes.text(6.98, 3.05, "what to output", ha="right", va="center", color=GREY)
    arrow(axes, (tanh + 0.17, 2.75), (8.1, 2.75))
    axes.text(8.2, 2.75, "$h_t$", ha="left", va="center")
    axes.text(
        4.5,
        0.42,
        "× and + work element by element;  σ: sigmoid, 0 to 1",
        ha="center",
        va="center",
        color=GREY,
    )
    return figure


def gradient_lag(
    curves: Mapping[str, tuple[float | None, ...]],
    floor: float,
    ceiling: float,
    labels: dict[str, tuple[float, float]],
) -> Figure:
    """Plot the curves, each named where `labels` says, so that no legend is needed."""
    figure, axes = plt.subplots(figsize=(9, 4.8), layout="constrained")
    looks = [(ORANGE, "o", "-"), (PURPLE, "s", "--"), (BLUE, "^", "-"), (GREEN, "D", "-."), (INK, "v", ":")]
    for (name, values), (color, marker, line) in zip(curves.items(), looks, strict=False):
        points = [(lag, value) for lag, value in zip(LAGS, values, strict=True) if value is not None]
        axes.plot(
            *zip(*points, strict=True), color=color, marker=marker, linestyle=line, linewidth=2, markersize=7
        )
        x, y = labels[name]
        axes.text(x, y, name, color=color, ha="left", va="center")
    axes.axhline(1, color=GREY, linewidth=1)
    axes.set(
        yscale="log", ylim=(floor, ceiling), xlim=(0, 102), xlabel="lag: time steps before the last input"
    )
    axes.set_ylabel("gradient, relative to lag 0")
    axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(base=1000, numticks=20))
    axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    return figure


def gradient_lag_rnn() -> Figure:
    return gradient_lag(
        RNN_GRADIENTS,
        1e-16,
        1e10,
        {
            "linear, weights × 1.2": (40, 5e5),
            "tanh, weights × 1.5": (68, 2e-1),
            "tanh, Keras default": (60, 1e-7),
            "tanh, weights × 0.5": (22, 1e-9),
        },
    )


def gradient_lag_gated() -> Figure:
    return gradient_lag(
        GATED_GRADIENTS,
        1e-16,
        1e4,
        {
            "LSTM, forget bias 5": (60, 3e1),
            "GRU, update bias 5": (60, 4e-2),
            "LSTM, Keras default": (68, 1e-5),
            "simple RNN, Keras default": (52, 3e-14),
            "GRU, Keras default": (8, 1e-9),
        },
    )


def sliding_windows() -> Figure:
    figure, axes = plt.subplots(figsize=(9, 4.6), layout="constrained")
    points, length, border = 100, 10, 82
    wave = np.sin(np.linspace(0, 10, points))
    axes.plot(wave, color=GREY, linewidth=1, marker=".", markersize=4)
    windows = [(0, BLUE, -0.35, "left"), (35, ORANGE, 0.45, "center"), (89, PURPLE, -0.85, "right")]
    for start, color, level, side in windows:
        end = start + length
        axes.plot(range(start, end), wave[start:end], color=color, linestyle="", marker="o", markersize=6)
        axes.plot(end, wave[end], color=color, marker="*", markersize=17, markeredgecolor=INK, linestyle="")
        axes.plot(
            [start, start, end - 1, end - 1],
            [level + 0.08, level, level, level + 0.08],
            color=color,
            linewidth=2,
        )
        x = {"left": start, "center": start + (length - 1) / 2, "right": end}[side]
        label = f"window {start}\ninputs {start}–{end - 1}\ntarget {end}"
        axes.text(x, level - 0.09, label, color=color, ha=side, va="top", linespacing=1.25)
    axes.axvline(border - 0.5, color=INK, linestyle="--", linewidth=1.2)
    axes.text(border - 1.5, 1.28, "targets 10–81: training", ha="right", va="center")
    axes.text(border + 0.5, 1.28, "82–99: test", ha="left", va="center")
    axes.plot([], [], color=GREY, marker="o", linestyle="", markersize=6, label="input of a window")
    axes.plot(
        [],
        [],
        color=GREY,
        marker="*",
        markersize=15,
        markeredgecolor=INK,
        linestyle="",
        label="target of a window",
    )
    axes.legend(loc="lower center", ncols=2, frameon=False, bbox_to_anchor=(0.4, -0.02))
    axes.set(
        xlim=(-2, 102), ylim=(-1.55, 1.4), xlabel="index of the point", ylabel="value", yticks=(-1, 0, 1)
    )
    return figure


FIGURES = (rnn_unfolded, io_architectures, lstm_cell, gradient_lag_rnn, gradient_lag_gated, sliding_windows)


def main() -> None:
    with plt.rc_context(STYLE):
        for draw in FIGURES:
            figure = draw()
            name = draw.__name__.replace("_", "-") + ".svg"
            svg = StringIO()
            figure.savefig(svg, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
            plt.close(figure)
            (HERE / name).write_text(
                svg.getvalue().replace("'DejaVu Sans'", FONTS), encoding="utf-8", newline="\n"
            )


if __name__ == "__main__":
    main()
