"""Text in screenfuls: pure data that a command shows and a key turns."""

from __future__ import annotations

import click
from msgspec import Struct

from grader.cli.text import columns

MIN_HEIGHT = 3


class Pages(Struct, frozen=True):
    """The pages of a text and the number of the current one."""

    pages: tuple[tuple[str, ...], ...]
    at: int = 0

    @classmethod
    def of(cls, lines: list[str], width: int, height: int) -> Pages:
        """Return the lines in pages of at most `height` rows, broken at empty lines where possible.

        An item of several lines stays in one piece if a page has the room for it.
        """
        height = max(height, MIN_HEIGHT)
        pieces = [
            piece for line in lines for piece in ([line] if rows(line, width) <= height else line.split("\n"))
        ]
        return cls(tuple(tuple(page) for page in _broken(pieces, width, height)) or ((),))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the current page."""
        return self.pages[self.at]

    @property
    def is_last(self) -> bool:
        return self.at == len(self.pages) - 1

    def turned(self, by: int) -> Pages:
        """Return the same text some pages further on, or at its first or last page."""
        return Pages(self.pages, min(max(self.at + by, 0), len(self.pages) - 1))


def bar(done: int, total: int, size: int) -> str:
    """Return a bar of characters: `[#####---------]`."""
    filled = round(size * done / max(total, 1))
    return f"[{'#' * filled}{'-' * (size - filled)}]"


def fitted(width: int, *parts: str) -> str:
    """Return the parts in one line of at most `width` columns, without those that do not fit.

    The last part always stays, because it names the keys; it is cut at the end if need be.
    """
    *optional, last = parts
    while optional and columns("  ".join([*optional, last])) > width:
        optional.pop()
    return "  ".join([*optional, last])[: max(width, 1)]


def rows(line: str, width: int) -> int:
    """Return how many rows a terminal needs for a line. Code is not wrapped, so it can need several."""
    sizes = map(columns, click.unstyle(line).split("\n"))
    return sum(max(1, -(-size // max(width, 1))) for size in sizes)


def _broken(lines: list[str], width: int, height: int) -> list[list[str]]:
    pages: list[list[str]] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():  # a page begins with text
            at += 1
            continue
        end = _end(lines, at, width, height)
        if end < len(lines) and lines[end].strip():
            near = range(end - 1, at + (end - at) * 2 // 3 - 1, -1)
            end = next((i for i in near if not lines[i].strip()), end)
        pages.append(_without_end(lines[at:end]))
        at = end
    return pages


def _end(lines: list[str], at: int, width: int, height: int) -> int:
    """Return where a page that begins at `at` is full. It has at least one line."""
    end, used = at, 0
    while end < len(lines) and (used := used + rows(lines[end], width)) <= height:
        end += 1
    return max(end, at + 1)


def _without_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
