"""Horizontal bar charts as inline SVG, with a title and description for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from msgspec import Struct

ROW = 22
LABELS = 190  # width left of the bars
BARS = 380
VALUES = 60


class Bar(Struct, frozen=True):
    """One bar: its label, its length between 0 and 1, and the text at its end."""

    label: str
    length: float
    value: str


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """Return a chart, colored by the style of the page; `name` makes its ids unique."""
    height = ROW * len(bars) + 8
    rows = "".join(_bar(bar, place) for place, bar in enumerate(bars))
    return (
        f'<figure><svg role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {LABELS + BARS + VALUES} {height}">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f'{rows}<line class="axis" x1="{LABELS}" y1="2" x2="{LABELS}" y2="{height - 2}"/></svg>'
        f"<figcaption>{escape(title)}</figcaption></figure>"
    )


def _bar(bar: Bar, place: int) -> str:
    top = 4 + place * ROW
    width = BARS * min(1.0, max(0.0, bar.length))
    label = bar.label if len(bar.label) <= 26 else bar.label[:25] + "…"
    return (
        f'<text x="{LABELS - 8}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'
        f'<rect class="bar" x="{LABELS}" y="{top + 3}" width="{width:.1f}" height="{ROW - 6}"/>'
        f'<text x="{LABELS + width + 6:.1f}" y="{top + 15}">{escape(bar.value)}</text>'
    )
