"""A report as a front end shows it: HTML, and the same in plain text.

The HTML has headings and lists, and says everything in words. It takes its colors from the
notebook and has no scripts, so that it can be read in every theme and stays in the saved file.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from grader.tutor.parts import Part, as_text, blocks

_BOX = "color: inherit; background: transparent; font-family: inherit; max-width: 60em"


class ReportView:
    """A verdict that a notebook displays. A terminal shows its text."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._text, self._html = as_text(parts), as_html(parts)

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self._text, "text/html": self._html}


def as_html(parts: Sequence[Part]) -> str:
    """Return the parts as HTML: the first heading is that of the whole."""
    first, *others = parts
    inner = "".join([_part(first, "h2"), *(_part(part, "h3") for part in others)])
    return f'<div class="course-report" style="{_BOX}">{inner}</div>'


def _part(part: Part, heading: str) -> str:
    return f"<{heading}>{escape(part.heading)}</{heading}>{''.join(blocks(part.lines))}"
