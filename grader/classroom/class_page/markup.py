"""Tables and folded parts of the class report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

Value = str | float | None
PAGE = 50  # rows of one table


def table(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[Value]], numbers: Collection[str] = ()
) -> str:
    """Return a table. `numbers` are the headers of columns with numbers.

    The first cell of a row is its header, for screen readers.
    """
    sides = [' class="number"' if name in numbers else "" for name in header]
    head = "".join(
        f'<th scope="col"{side}>{escape(name)}</th>' for side, name in zip(sides, header, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{shown(row[0])}</th>'
        + "".join(f"<td{side}>{shown(cell)}</td>" for side, cell in zip(sides[1:], row[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    return scrolled(
        caption,
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
    )


def scrolled(label: str, content: str, kind: str = "") -> str:
    """Return a region that scrolls alone, and that the keyboard can reach."""
    return (
        f'<div class="{f"wide {kind}".strip()}" role="group" tabindex="0" aria-label="{escape(label)}">'
        f"{content}</div>"
    )


def folded(summary: str, content: str) -> str:
    """Return a part that is closed at first."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>" if content else ""


def section(name: str, heading: str, content: str) -> str:
    """Return a section that links can lead to."""
    return f'<section><h2 id="{name}">{escape(heading)}</h2>{content}</section>'


def joined(*parts: str) -> str:
    return "".join(parts)


def code(label: str, content: str) -> str:
    """Return code that scrolls alone. `content` is escaped."""
    return f'<pre role="group" tabindex="0" aria-label="{escape(label)}">{content}</pre>'


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def shown(value: Value) -> str:
    """Return a value as escaped text."""
    return escape(f"{value:g}" if isinstance(value, float) else "–" if value is None else str(value))


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
