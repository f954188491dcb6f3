"""Inline Markdown for the terminal: bold, code and formulas, wrapped to the screen's width.

This module is small so that a quiz starts fast. Blocks are in `markdown`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from enum import Flag, auto
from itertools import groupby
from typing import IO, NamedTuple

import click

from grader.cli.common import may_redraw

MIN_WIDTH = 20
MAX_WIDTH = 90  # longer lines are hard to read
PIPE_WIDTH = 80


class Look(Flag):
    """The style of a span, if the terminal can show it."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    GOOD = auto()
    BAD = auto()


class Span(NamedTuple):
    """A piece of text in one style."""

    text: str
    look: Look = Look.PLAIN


class Screen(NamedTuple):
    """The width of the output, and if it takes colors and drawings made of characters."""

    width: int = PIPE_WIDTH
    styled: bool = False
    drawn: bool = False

    def show(self, span: Span) -> str:
        """Return the span's text, with escape codes only if the screen takes them."""
        if not self.styled or not span.look:
            return span.text
        color = None
        for look, name in ((Look.CODE, "cyan"), (Look.GOOD, "green"), (Look.BAD, "red")):
            color = name if look in span.look else color
        return click.style(
            span.text,
            fg=color,
            bold=True if Look.BOLD in span.look else None,
            italic=True if Look.ITALIC in span.look else None,
        )

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> str:
        """Return inline Markdown as lines. `first` goes before the first line, `rest` before the others."""
        return "\n".join(self.lines(spans(text), first, rest))

    def lines(self, pieces: Iterable[Span], first: str = "", rest: str | None = None) -> list[str]:
        """Return the spans, filled into lines of the screen's width."""
        rest = first if rest is None else rest
        lines: list[tuple[str, list[Span]]] = []  # margin, contents
        used = 0
        for word in _words(pieces, self.width // 2):
            size = sum(columns(span.text) for span in word)
            if lines and used + 1 + size <= self.width:
                line = lines[-1][1]
                gap = Span(" ", line[-1].look & word[0].look)
                line += [gap, *word]
                used += 1 + size
            else:
                margin = rest if lines else first
                lines.append((margin, word))
                used = columns(margin) + size
        return [margin + "".join(map(self.show, _joined(line))) for margin, line in lines]


def screen(stream: IO[str] | None = None) -> Screen:
    """Return the width and styles of a stream. Default: stdout."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    width = PIPE_WIDTH
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        width = int(given)
    elif terminal:
        try:
            width = os.get_terminal_size(stream.fileno()).columns or PIPE_WIDTH
        except OSError:
            width = PIPE_WIDTH
    drawn = may_redraw(stream)
    styled = drawn and not os.environ.get("NO_COLOR")
    return Screen(max(MIN_WIDTH, min(width, MAX_WIDTH)), styled, drawn)


def columns(text: str) -> int:
    """Return how many columns the text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


_INLINE = re.compile(
    r"""
      (?P<tick>`+)(?P<code>.+?)(?<!`)(?P=tick)(?!`)
    | \\(?P<escaped>[\\`*_$\[\]<>#|~-])
    | \$\$(?P<display>.+?)\$\$
    | \$(?=\S)(?P<formula>(?:\\.|[^$\\])+?)(?<=\S)\$(?!\d)
    | \*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*
    | \*(?=[^\s*])(?P<italic>[^*]+?)(?<=\S)\*
    | !?\[(?P<label>[^\]]+)\]\((?P<target>[^)\s]+)\)
    """,
    re.VERBOSE | re.DOTALL,
)


def literally(text: str) -> str:
    """Return inline Markdown that shows the text as it is."""
    return re.sub(r"([\\`*_$\[\]<>#|~-])", r"\\\1", text)


def spans(text: str, look: Look = Look.PLAIN) -> Iterator[Span]:
    """Yield inline Markdown as spans. Unclosed or unknown markup stays as it is.

    Code keeps its backticks, because copied or spoken text needs them too.
    """
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            yield Span(text[at : match.start()], look)
        at = match.end()
        match match.lastgroup:
            case "code":
                yield Span(match.group(), look | Look.CODE)
            case "escaped":
                yield Span(match["escaped"], look)
            case "display" | "formula":
                from grader.cli.formula import formula

                yield Span(formula(match[match.lastgroup]), look)
            case "bold":
                yield from spans(match["bold"], look | Look.BOLD)
            case "italic":
                yield from spans(match["italic"], look | Look.ITALIC)
            case _:
                yield Span(f"{match['label']} ({match['target']})", look)
    if at < len(text):
        yield Span(text[at:], look)


def verdict(word: str, text: str, look: Look) -> Iterator[Span]:
    """Yield a highlighted verdict and the text that goes with it."""
    yield Span(word, look | Look.BOLD)
    yield Span(" ")
    yield from spans(text)


def _words(pieces: Iterable[Span], most: int) -> Iterator[list[Span]]:
    """Yield words: lists of spans with no space between them, but for code of at most `most` columns."""
    word: list[Span] = []
    for span in pieces:
        is_whole = Look.CODE in span.look and "\n" not in span.text and columns(span.text) <= most
        for part in [span.text] if is_whole else re.split(r"(\s+)", span.text):
            if part.isspace():
                if word:
                    yield word
                word = []
            elif part:
                word.append(Span(part, span.look))
    if word:
        yield word


def _joined(line: list[Span]) -> Iterator[Span]:
    """Join neighbors in one style, so that a phrase is one piece for terminals and for copying."""
    for look, group in groupby(line, key=lambda span: span.look):
        yield Span("".join(span.text for span in group), look)
