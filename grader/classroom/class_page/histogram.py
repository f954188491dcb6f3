"""A histogram as inline SVG, with a title and all its numbers in words for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.classroom.item_analysis import bin_labels

WIDTH, HEIGHT = 320, 110
TOP, BOTTOM = 16, 18  # room for the numbers above the bars and the labels below


def histogram(name: str, title: str, bins: Sequence[int]) -> str:
    """Return a picture of learners per share of the points; `name` makes its ids unique."""
    step, most = WIDTH / len(bins), max(*bins, 1)
    room = HEIGHT - TOP - BOTTOM
    bars = "".join(
        f'<rect class="bar" x="{place * step + 2:.0f}" y="{HEIGHT - BOTTOM - high:.1f}" '
        f'width="{step - 4:.0f}" height="{high:.1f}"/>'
        f'<text x="{(place + 0.5) * step:.0f}" y="{HEIGHT - BOTTOM - high - 4:.1f}" '
        f'text-anchor="middle">{number}</text>'
        for place, number in enumerate(bins)
        if number
        for high in [room * number / most]
    )
    ends = ((0, "start", "0%"), (WIDTH / 2, "middle", "50%"), (WIDTH, "end", "100%"))
    labels = "".join(
        f'<text x="{at:.0f}" y="{HEIGHT - 4}" text-anchor="{anchor}">{text}</text>'
        for at, anchor, text in ends
    )
    return (
        f'<figure><svg role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<title id="{name}-t">{escape(title)}: learners by share of the points</title>'
        f'<desc id="{name}-d">{escape(_in_words(bins))}</desc>{bars}{labels}'
        f'<line class="axis" x1="0" y1="{HEIGHT - BOTTOM}" x2="{WIDTH}" y2="{HEIGHT - BOTTOM}"/></svg>'
        f"<figcaption>{escape(title)}</figcaption></figure>"
    )


def _in_words(bins: Sequence[int]) -> str:
    counted = [f"{label}: {number}" for label, number in zip(bin_labels(bins), bins, strict=True) if number]
    return f"Learners per share of the points. {'; '.join(counted) or 'None'}."
