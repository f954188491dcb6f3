"""Text in parts with headings, as plain text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from msgspec import Struct

# words that say the outcome of a test, and the names of other items
_WORD = re.compile(
    r"(passed|failed|error|timed out|out of memory|crashed|not run|not judged|broken test"
    r"|idea|seen|hint)\b:?\s*"
)
_TEXT = "white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2em 0"


class Part(Struct, frozen=True):
    """A heading and the lines below it. A line that is indented by two spaces begins an item."""

    heading: str
    lines: tuple[str, ...] = ()


def as_text(parts: Iterable[Part]) -> str:
    """Return the parts as plain text."""
    return "\n\n".join("\n".join([part.heading, *part.lines]) for part in parts)


def blocks(lines: Iterable[str]) -> Iterator[str]:
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
