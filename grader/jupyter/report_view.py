"""A report as a front end shows it: HTML, and the same in plain text.

The HTML has headings and lists, and says everything in words. It takes its colors from the
notebook and has no scripts, so that it can be read in every theme and stays in the saved file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from grader.jupyter.report_parts import Part

# words that say the outcome of a test, and the names of other items
_WORD = re.compile(
    r"(passed|failed|error|timed out|out of memory|crashed|not run|not judged|broken test"
    r"|idea|seen|hint)\b:?\s*"
)
_BOX = "color: inherit; background: transparent; font-family: inherit; max-width: 60em"
_TEXT = "white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2em 0"


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


def as_text(parts: Iterable[Part]) -> str:
    """Return the parts as plain text."""
    return "\n\n".join("\n".join([part.heading, *part.lines]) for part in parts)


def as_html(parts: Sequence[Part]) -> str:
    """Return the parts as HTML: the first heading is that of the whole."""
    first, *others = parts
    inner = "".join([_part(first, "h2"), *(_part(part, "h3") for part in others)])
    return f'<div class="course-report" style="{_BOX}">{inner}</div>'


def _part(part: Part, heading: str) -> str:
    return f"<{heading}>{escape(part.heading)}</{heading}>{''.join(_blocks(part.lines))}"


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs and lists. Lines with a larger indentation belong to the item above them."""
    items: list[list[str]] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if indent > 2 and items:
            items[-1].append(line)
        elif indent == 2:
            items.append([line.strip()])
        else:
            yield from _list(items)
            items = []
            yield f'<p style="{_TEXT}">{escape(line)}</p>'
    yield from _list(items)


def _list(items: Iterable[list[str]]) -> Iterator[str]:
    if listed := "".join(_item(first, details) for first, *details in items):
        yield f"<ul>{listed}</ul>"


def _item(first: str, details: list[str]) -> str:
    word = _WORD.match(first)
    if word is None:
        shown = escape(first)
    else:
        shown = f"<strong>{escape(word[1])}:</strong> {escape(first[word.end() :])}"
    if details:
        margin = min(len(line) - len(line.lstrip(" ")) for line in details)
        text = escape("\n".join(line[margin:] for line in details))
        shown += f'<div style="{_TEXT}">{text}</div>'
    return f"<li>{shown}</li>"
