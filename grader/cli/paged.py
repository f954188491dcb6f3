"""A conversation that never shows more than a screenful without a stop."""

from __future__ import annotations

import shutil
from typing import IO, NamedTuple

from grader.cli.conversation import Conversation, LearnerQuit, Place
from grader.cli.keys import BACK, MORE, QUIT, read_key, single_keys
from grader.cli.pages import MIN_HEIGHT, Pages, bar, fitted, rows
from grader.cli.text import Look, Span

BAR = 10  # characters


class Leaf(NamedTuple):
    """One page of a section that was opened."""

    lines: tuple[str, ...]
    place: Place
    number: int
    of: int


class PagedConversation(Conversation):
    """Shows sections page by page, and stops when other text has filled the screen."""

    def __init__(self, out: IO[str]) -> None:
        super().__init__(out)
        self._rows = 0  # written since the learner pressed a key
        self._has_unread = False
        self._leaves: list[Leaf] = []  # of all sections of this run, so that one can go back

    def write(self, text: str) -> None:
        """Print text as it is, and stop whenever it has filled the screen."""
        for line in text.splitlines(keepends=True):
            width, height = shutil.get_terminal_size()
            needs = rows(line.rstrip("\n"), width)
            if self._rows and self._rows + needs > max(height, MIN_HEIGHT) - 1:
                self._stop()
            super().write(line)
            self._rows += needs if line.endswith("\n") else 0
            self._has_unread = self._has_unread or bool(line.strip())

    def read(self, prompt: str) -> str:
        """Return one typed line. Raises LearnerQuit at the end of the input."""
        typed = super().read(prompt)
        self._begin_screenful()
        return typed

    def show_section(self, lines: list[str], place: Place) -> None:
        """Show a section page by page, until its last page has been read. Raises LearnerQuit."""
        if self._has_unread:  # opening a page clears the screen
            self._stop("space: go on, q: stop")
        width, height = shutil.get_terminal_size()
        pages = Pages.of(lines, width, height - 2).pages
        at = len(self._leaves)
        self._leaves += [Leaf(page, place, i, len(pages)) for i, page in enumerate(pages, start=1)]
        while at < len(self._leaves):
            leaf = self._leaves[at]
            super().write("\x1b[2J\x1b[H" + "\n".join(leaf.lines) + "\n\n")
            key = self._key(_status(leaf, width - 1, at == 0, at == len(self._leaves) - 1), BACK)
            at = max(at - 1, 0) if key == BACK else at + 1
        self._begin_screenful()

    def _begin_screenful(self) -> None:
        self._rows, self._has_unread = 0, False

    def _stop(self, keys: str = "space: more, q: stop") -> None:
        self._key(fitted(shutil.get_terminal_size().columns - 1, keys))
        self._begin_screenful()

    def _key(self, status: str, *others: str) -> str:
        """Wait for MORE or one of the other keys, below a line that names them. Raises LearnerQuit."""
        super().write(self.screen.show(Span(status, Look.BOLD)))
        self.out.flush()
        with single_keys():
            while (key := read_key()) not in (MORE, *others):
                if key in ("", QUIT):
                    raise LearnerQuit
        super().write("\r\x1b[K")
        return key


def _status(leaf: Leaf, width: int, is_first: bool, is_last: bool) -> str:
    """Return where the page is, and the keys: "part 12 of 26  [#####-----]  space: more, q: stop"."""
    number, total = leaf.place
    page = f"page {leaf.number} of {leaf.of}" if leaf.of > 1 else ""
    keys = ["space: go on" if is_last else "space: more", *([] if is_first else ["b: back"]), "q: stop"]
    parts = [f"part {number} of {total}", bar(number, total, BAR), page]
    return fitted(width, *filter(None, parts), ", ".join(keys))
