"""The facts about one function of a submission, from which templates make questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from grader.content.exercise import Function
from grader.judge.own_code.outcomes import Case, Outcome
from grader.judge.own_code.probe_log import Log

MAX_LINE = 120  # characters
CELL = 100_000  # as in the probes: a line's id is its cell times this, plus its line


class Site(Struct, frozen=True):
    """A statement inside a function that is alone on its line."""

    cell: int
    line: int
    kind: str  # of the syntax tree, such as "Assign"
    names: tuple[str, ...]  # that it assigns
    reads: tuple[str, ...]
    function: str
    start: int  # the line of that function
    parameters: tuple[str, ...]

    @property
    def id(self) -> int:
        return self.cell * CELL + self.line

    @property
    def owner(self) -> tuple[int, int]:
        """The function that it is in."""
        return self.cell, self.start


class Change(Struct, frozen=True):
    """An edit of one line: a statement removed, or a constant or an operator changed."""

    cell: int
    kind: str  # "removed" or "changed"
    line: int
    start: int
    end: int
    now: str

    @property
    def id(self) -> int:
        return self.cell * CELL + self.line


class Outline(Struct, frozen=True):
    """What a worker has read in the source. Its lines are those of the learner's file or cells."""

    cells: tuple[str, ...]
    probes: str  # the first cell of the copy with probes
    probed: tuple[str, ...]
    sites: tuple[Site, ...]
    changes: tuple[Change, ...]

    def text(self, line_id: int) -> str:
        """Return a line of the source without its indentation; "" if it does not exist."""
        cell, line = divmod(line_id, CELL)
        lines = self.cells[cell].split("\n") if 0 <= cell < len(self.cells) else []
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    def changed(self, change: Change) -> tuple[str, ...]:
        """Return the cells with one line edited."""
        lines = self.cells[change.cell].split("\n")
        lines[change.line - 1] = self._line(change)
        return tuple("\n".join(lines) if n == change.cell else cell for n, cell in enumerate(self.cells))

    def changed_text(self, change: Change) -> str:
        """Return the edited line without its indentation."""
        return self._line(change).strip()

    def _line(self, change: Change) -> str:
        line = self.cells[change.cell].split("\n")[change.line - 1]
        return line[: change.start] + change.now + line[change.end :]


def read_outline(data: Any) -> Outline:
    """Return the outline that a worker sent. Raises msgspec.ValidationError."""
    return msgspec.convert(data, Outline)


class Mistaken(Struct, frozen=True):
    """A wrong idea, the right one, and what code based on the wrong one makes of the first case's call."""

    belief: str
    correction: str
    outcome: Outcome


class Facts(Struct, frozen=True):
    """What is certain about one function. `vary` runs changed code; None if it must not run here."""

    function: Function
    number: int  # of the first case's draw
    outline: Outline
    cases: tuple[Case, ...]  # calls that return a value; the first one was probed
    edges: Callable[[], Sequence[Case]]  # calls near the limits of what is allowed
    same: Callable[[], tuple[Case, Sequence[Case]] | None]  # a call, and others that may return the same
    log: Log | None  # of the first case
    stopped: tuple[Case, Log] | None  # a call that raises
    own: frozenset[int]  # lines that the starter code does not have
    vary: Callable[[Change], Outcome | None] | None
    confirm: Callable[[Change, Outcome], bool]
    mistakes: Callable[[], Iterable[Mistaken]]  # known ones of this function
    place: Callable[[int], str]  # the place of a line, such as "line 3"
    rng: Random

    def sites(self) -> list[Site]:
        """Return the learner's own statements that ran in the first case."""
        ran = self.log.lines if self.log else set()
        return [site for site in self.outline.sites if site.id in ran and site.id in self.own]

    def line(self, line_id: int) -> str:
        """Return the place and the text of a line: "line 3 (`x = 1`)"."""
        text = self.outline.text(line_id)
        return f"{self.place(line_id)} (`{text}`)" if can_be_shown(text) else self.place(line_id)


def can_be_shown(line: str) -> bool:
    """Return True if a line of source fits into a question, and has no characters that a terminal obeys."""
    return 0 < len(line) <= MAX_LINE and line.isprintable() and "`" not in line
