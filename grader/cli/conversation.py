"""The conversation with a learner: text goes out, lines come in. The input need not be a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, NamedTuple

import click

from grader.cli.text import Look, screen, verdict

if TYPE_CHECKING:
    from grader.content.figures import Figure


class LearnerQuit(Exception):
    """The learner quit, or the input ended."""


class Place(NamedTuple):
    """The place of a section in its lesson: 12 of 26."""

    number: int
    total: int


class Conversation:
    """Prints to one stream and reads lines from standard input."""

    def __init__(self, out: IO[str]) -> None:
        self.screen = screen(out)
        self.out = out
        self._said: set[str] = set()
        self._echo = not sys.stdin.isatty()  # so that the record of a piped conversation is complete
        # a second conversation in one process finds it done, and could not do it after the first line
        if hasattr(sys.stdin, "reconfigure") and sys.stdin.errors != "replace":
            sys.stdin.reconfigure(errors="replace")

    def say(self, text: str) -> None:
        """Print one paragraph of inline Markdown."""
        self.write(self.screen.wrap(text) + "\n\n")

    def say_once(self, text: str) -> None:
        """Print a paragraph unless this conversation has printed it before."""
        if text not in self._said:
            self._said.add(text)
            self.say(text)

    def say_blocks(self, text: str) -> None:
        """Print Markdown: paragraphs, lists, tables, code."""
        from grader.cli.markdown import render

        self.write("\n".join(render(text, self.screen)) + "\n\n")

    def say_verdict(self, word: str, text: str, look: Look) -> None:
        """Print a verdict: a word that stands out, then a text."""
        self.write("\n".join(self.screen.lines(verdict(word, text, look))) + "\n\n")

    def say_figure(self, figure: Figure, command: str) -> None:
        """Print a figure in characters or in words, and the command that opens it."""
        from grader.cli.figures import drawing

        drawn = drawing(figure, self.screen)
        self.write(f"{drawn}\n\n" if drawn else self.screen.wrap(f"Figure: {figure.words}") + "\n\n")
        self.say(f"To see the figure: `{command}`")

    def say_options(self, options: Iterable[tuple[str, str]]) -> None:
        """Print lettered options."""
        lines = [self.screen.wrap(text, f"  {letter}) ", "     ") + "\n" for letter, text in options]
        if lines:
            self.write("".join(lines) + "\n")

    def say_keys(self, keys: Iterable[tuple[str, str]]) -> None:
        """Print what each key does."""
        for key, effect in keys:
            self.write(self.screen.wrap(effect, f"  {key:<5} ", " " * 8) + "\n")
        self.write("\n")

    def show_section(self, lines: list[str], place: Place) -> None:
        """Print a section of a lesson and wait until it has been read. Raises LearnerQuit."""
        for line in lines:
            self.write(line + "\n")
        self.wait("Enter to go on: ")

    def wait(self, prompt: str) -> None:
        """Wait for Enter. Raises LearnerQuit."""
        while self.read_word(prompt):
            self.say("Please press Enter or type q.")
        self.write("\n")

    def write(self, text: str) -> None:
        """Print text as it is, without a line end."""
        click.echo(text, file=self.out, nl=False, color=self.screen.styled)

    def read(self, prompt: str) -> str:
        """Return one typed line without its end. Raises LearnerQuit at the end of the input."""
        if len(prompt) > self.screen.width:  # a long prompt gets its own lines, to leave room for typing
            prompt = self.screen.wrap(prompt) + "\n> "
        self.write(prompt)
        self.out.flush()
        try:
            line = sys.stdin.readline()
        except OSError:  # the terminal has gone away
            line = ""
        if self._echo:
            self.write("".join(filter(str.isprintable, line.strip()[:80])) + "\n")
        if not line:
            raise LearnerQuit
        return line.strip()

    def read_word(self, prompt: str) -> str:
        """Return one typed line in lowercase. Raises LearnerQuit also if it says to quit."""
        word = self.read(prompt).lower()
        if word in ("q", "quit"):
            raise LearnerQuit
        return word
