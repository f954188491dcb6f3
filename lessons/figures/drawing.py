"""Write figures as SVG: shapes and text with the classes of the page's colors.

Inline in a page, the page's style sheet colors the classes. A file that is opened alone has its own
`<style>`, for light and dark, without CSS variables, because many viewers of images have none.
Blue (`state`) is what is carried, orange (`gate`) what controls, purple (`input`) what is new.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]

LIGHT = {
    "paper": "#fbfaf6",
    "ink": "#1f2023",
    "soft": "#5a5b5e",
    "line": "#dedace",
    "state": "#00639c",
    "state-bg": "#dcebf5",
    "gate": "#a84800",
    "gate-bg": "#f9e5d6",
    "input": "#86387a",
    "input-bg": "#f3e2f0",
}
DARK = {
    "paper": "#16181b",
    "ink": "#e8e5dd",
    "soft": "#a8a7a1",
    "line": "#34383d",
    "state": "#6db9ef",
    "state-bg": "#17344a",
    "gate": "#f29b62",
    "gate-bg": "#45291a",
    "input": "#d9a0d0",
    "input-bg": "#402a3d",
}
MARGIN = 8  # around a drawing; figures.css lets it hang out of the column
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
SERIF = "Charter, 'Sitka Text', 'Noto Serif', Cambria, 'Liberation Serif', Georgia, serif"

# class -> what it sets; a name in braces is a color
RULES = {
    "paper": "fill: {paper}",
    "t-soft": "fill: {soft}",
    "t-state": "fill: {state}",
    "t-gate": "fill: {gate}",
    "t-input": "fill: {input}",
    "t-strong": "font-weight: 600",
    "t-var": "font-family: {serif}; font-style: italic; font-size: 15px",
    "t-math": "font-family: {serif}; font-size: 15px",
    "t-sub": "font-size: 11px",
    "t-halo": "paint-order: stroke; stroke: {paper}; stroke-width: 5px; stroke-linejoin: round",
    "l-ink": "fill: none; stroke: {ink}; stroke-width: 1.5",
    "l-soft": "fill: none; stroke: {soft}; stroke-width: 1.5",
    "l-line": "fill: none; stroke: {line}; stroke-width: 1",
    "l-state": "fill: none; stroke: {state}; stroke-width: 2",
    "l-gate": "fill: none; stroke: {gate}; stroke-width: 2",
    "l-input": "fill: none; stroke: {input}; stroke-width: 2",
    "l-bold": "stroke-width: 3.5",
    "l-thin": "stroke-width: 1",
    "l-dash": "stroke-dasharray: 7 4",
    "l-dot": "stroke-dasharray: 2 4",
    "l-gap": "fill: none; stroke: {paper}; stroke-width: 8",
    "f-ink": "fill: {ink}",
    "f-soft": "fill: {soft}",
    "f-state": "fill: {state}",
    "f-gate": "fill: {gate}",
    "f-input": "fill: {input}",
    "b-ink": "fill: {paper}; stroke: {ink}; stroke-width: 1.5",
    "b-soft": "fill: {paper}; stroke: {soft}; stroke-width: 1.5",
    "b-state": "fill: {state-bg}; stroke: {state}; stroke-width: 1.5",
    "b-gate": "fill: {gate-bg}; stroke: {gate}; stroke-width: 1.5",
    "b-input": "fill: {input-bg}; stroke: {input}; stroke-width: 1.5",
}


@dataclass(frozen=True)
class Drawing:
    """The shapes of a figure, back to front, on a sheet of this size; one unit is one CSS pixel."""

    width: int
    height: int
    shapes: tuple[str, ...]

    def svg(self, title: str) -> str:
        """Return the figure as the text of a file."""
        size = f'width="{self.width + 2 * MARGIN}" height="{self.height + 2 * MARGIN}"'
        view = f"-{MARGIN} -{MARGIN} {self.width + 2 * MARGIN} {self.height + 2 * MARGIN}"
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" {size} viewBox="{view}">'
        back = f'<rect class="paper" x="-{MARGIN}" y="-{MARGIN}" {size}/>'
        used = {
            name for classes in re.findall(r'class="(.+?)"', "".join(self.shapes)) for name in classes.split()
        }
        top = [
            head,
            f"<title>{escape(title)}</title>",
            "<style>",
            *_style({"paper", *used}),
            "</style>",
            back,
        ]
        return "\n".join([*top, *self.shapes, "</svg>\n"])


def _style(used: set[str]) -> list[str]:
    """Return the rules for a file alone: first light, then what dark changes."""
    chosen = {name: rule for name, rule in RULES.items() if name in used}
    fonts = {"sans": SANS, "serif": SERIF}
    base = ".drawing {{ font: 13px {sans}; fill: {ink}; font-variant-numeric: tabular-nums }}"
    rules = [base, *(f".{name} {{{{ {rule} }}}}" for name, rule in chosen.items())]
    dark = [f".drawing {{ fill: {DARK['ink']} }}"]
    for name, rule in chosen.items():
        parts = [
            part.format(**DARK) for part in rule.split("; ") if set(re.findall(r"{(.+?)}", part)) & {*DARK}
        ]
        dark += [f".{name} {{ {'; '.join(parts)} }}"] if parts else []
    return [
        *(rule.format(**LIGHT, **fonts) for rule in rules),
        "@media (prefers-color-scheme: dark) {",
        *dark,
        "}",
    ]


def number(value: float) -> str:
    """Return a coordinate with one decimal, or none if it needs none."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


def line(*points: Point, look: str = "ink", head: bool = False) -> str:
    """Return a line along the points. `look`: a color and modifiers, such as "state bold"."""
    color, *_ = look.split()
    classes = " ".join(f"l-{word}" for word in look.split())
    if not head:
        return f'<path class="{classes}" d="{_path(points)}"/>'
    (x, y), end = points[-2:]
    long, half = (12.0, 5.5) if "bold" in look else (9.0, 4.0)
    angle = math.atan2(end[1] - y, end[0] - x)
    back = (end[0] - long * math.cos(angle), end[1] - long * math.sin(angle))
    across = (-half * math.sin(angle), half * math.cos(angle))
    corners = [end, (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])]
    stem = (end[0] - (long - 1) * math.cos(angle), end[1] - (long - 1) * math.sin(angle))
    return (
        f'<path class="{classes}" d="{_path([*points[:-1], stem])}"/>'
        f'<path class="f-{color}" d="{_path(corners)}Z"/>'
    )


def arrow(*points: Point, look: str = "ink") -> str:
    """Return a line along the points with a head at the last one."""
    return line(*points, look=look, head=True)


def gap(x: float, y: float) -> str:
    """Interrupt a horizontal line, where another one passes over it without touching it."""
    return f'<path class="l-gap" d="{_path([(x, y - 4), (x, y + 4)])}"/>'


def box(x: float, y: float, width: float, height: float, look: str = "ink", radius: float = 6) -> str:
    """Return a box around its center."""
    left, top = number(x - width / 2), number(y - height / 2)
    size = f'width="{number(width)}" height="{number(height)}" rx="{number(radius)}"'
    return f'<rect class="b-{look}" x="{left}" y="{top}" {size}/>'


def circle(x: float, y: float, radius: float, classes: str) -> str:
    """Return a circle with these classes."""
    return f'<circle class="{classes}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def dot(x: float, y: float, look: str = "ink") -> str:
    """Return the dot where one line branches off another."""
    return circle(x, y, 3.5, f"f-{look}")


def sign(x: float, y: float, operation: str, look: str = "ink") -> str:
    """Return an element-wise operation, "×" or "+": strokes in a circle, centered on any machine."""
    d = 4.5 if operation == "+" else 3.5
    ends = (
        [((-d, 0), (d, 0)), ((0, -d), (0, d))]
        if operation == "+"
        else [((-d, -d), (d, d)), ((-d, d), (d, -d))]
    )
    strokes = "".join(_path([(x + a, y + b), (x + c, y + e)]) for (a, b), (c, e) in ends)
    return circle(x, y, 11, f"b-{look}") + f'<path class="l-{look}" d="{strokes}"/>'


def text(x: float, y: float, words: str, look: str = "", anchor: str = "middle") -> str:
    """Return a line of text whose middle is at this height.

    `look`: words such as "soft strong". In `$…$`, letters are variables, `_{…}` is lowered and `^{…}` raised.
    """
    classes = " ".join(f"t-{word}" for word in look.split())
    attributes = f' class="{classes}"' if classes else ""
    attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y + 4.5)}"{attributes}>{_spans(words)}</text>'


def lines(
    x: float, y: float, words: Sequence[str], look: str = "", anchor: str = "middle", leading: float = 17
) -> str:
    """Return lines of text, centered around this height."""
    first = y - leading * (len(words) - 1) / 2
    return "".join(text(x, first + i * leading, each, look, anchor) for i, each in enumerate(words))


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _spans(words: str) -> str:
    """Return the markup of a line with formulas in `$…$`."""
    spans, level = [], 0
    for i, piece in enumerate(words.split("$")):
        for token in TOKENS.findall(piece) if i % 2 else filter(None, [piece]):
            kind, rise, shown = _read(token) if i % 2 else ("", 0, token)
            attributes = f' class="{kind}"' if kind else ""
            attributes += f' dy="{level - rise}"' if rise != level else ""
            level = rise
            content = escape(shown, quote=False)
            spans.append(f"<tspan{attributes}>{content}</tspan>" if attributes else content)
    return "".join(spans)


TOKENS = re.compile(r"[_^]{.+?}|[A-Za-z]|[^A-Za-z_^]+")


def _read(token: str) -> tuple[str, int, str]:
    """Return the class of a piece of a formula, how far it is raised, and its characters."""
    token = token.replace("-", "−")
    if token[0] in "_^":
        return "t-sub", -4 if token[0] == "_" else 6, token[2:-1]
    if token.isspace():
        return "", 0, token
    return "t-var" if len(token) == 1 and token.isalpha() and token.isascii() else "t-math", 0, token
