"""Inline Markdown for the terminal: bold, code and formulas, wrapped to the screen's width.

Kept small so that a quiz starts at once; blocks are in `markdown`.
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
    """How a piece of text is shown where the terminal can."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    GOOD = auto()
    BAD = auto()


class Run(NamedTuple):
    """A piece of text in one look."""

    text: str
    look: Look = Look.PLAIN


class Screen(NamedTuple):
    """How wide the output is, and whether it takes colours."""

    width: int = PIPE_WIDTH
    styled: bool = False

    def show(self, run: Run) -> str:
        """Return the run, with escape codes only on a screen that takes them."""
        if not self.styled or not run.look:
            return run.text
        colour = None
        for look, name in ((Look.CODE, "cyan"), (Look.GOOD, "green"), (Look.BAD, "red")):
            colour = name if look in run.look else colour
        return click.style(
            run.text,
            fg=colour,
            bold=True if Look.BOLD in run.look else None,
            italic=True if Look.ITALIC in run.look else None,
        )

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> str:
        """Return inline Markdown as lines; `first` goes before the first line, `rest` before the others."""
        return "\n".join(self.lines(runs(text), first, rest))

    def lines(self, pieces: Iterable[Run], first: str = "", rest: str | None = None) -> list[str]:
        """Return the runs, filled into lines of the screen's width."""
        rest = first if rest is None else rest
        lines: list[tuple[str, list[Run]]] = []  # margin, contents
        used = 0
        for word in _words(pieces):
            size = sum(columns(run.text) for run in word)
            if lines and used + 1 + size <= self.width:
                line = lines[-1][1]
                gap = Run(" ", line[-1].look & word[0].look)
                line += [gap, *word]
                used += 1 + size
            else:
                margin = rest if lines else first
                lines.append((margin, word))
                used = columns(margin) + size
        return [margin + "".join(map(self.show, _joined(line))) for margin, line in lines]


def screen(stream: IO[str] | None = None) -> Screen:
    """Return what the stream (stdout if left out) can show."""
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
    styled = may_redraw(stream) and not os.environ.get("NO_COLOR")
    return Screen(max(MIN_WIDTH, min(width, MAX_WIDTH)), styled)


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


def runs(text: str, look: Look = Look.PLAIN) -> Iterator[Run]:
    """Yield inline Markdown as runs. What is not closed, or not known here, stays as it is.

    Code keeps its backticks: a copied or spoken text needs them as well.
    """
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            yield Run(text[at : match.start()], look)
        at = match.end()
        match match.lastgroup:
            case "code":
                yield Run(match.group(), look | Look.CODE)
            case "escaped":
                yield Run(match["escaped"], look)
            case "display" | "formula":
                from grader.cli.formula import formula

                yield Run(formula(match[match.lastgroup]), look)
            case "bold":
                yield from runs(match["bold"], look | Look.BOLD)
            case "italic":
                yield from runs(match["italic"], look | Look.ITALIC)
            case _:
                yield Run(f"{match['label']} ({match['target']})", look)
    if at < len(text):
        yield Run(text[at:], look)


def verdict(word: str, text: str, look: Look) -> Iterator[Run]:
    """Yield a verdict, which stands out, and the text that goes with it."""
    yield Run(word, look | Look.BOLD)
    yield Run(" ")
    yield from runs(text)


def _words(pieces: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield words: runs with no space between them."""
    word: list[Run] = []
    for run in pieces:
        for part in re.split(r"(\s+)", run.text):
            if part.isspace():
                if word:
                    yield word
                word = []
            elif part:
                word.append(Run(part, run.look))
    if word:
        yield word


def _joined(line: list[Run]) -> Iterator[Run]:
    """Join neighbours of one look, so that a phrase is one piece for terminals and for copying."""
    for look, group in groupby(line, key=lambda run: run.look):
        yield Run("".join(run.text for run in group), look)
