"""The outputs of the learner's cells during loading, for display beside the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from grader.judge import sentences
from grader.judge.jobs import ShownCell
from grader.judge.wire import messages as m

# text printed by learner code must not control the reader's terminal, or reverse what is around it
_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def without_control(text: str) -> str:
    """Remove escape sequences and control characters, except tabs and newlines."""
    return _CONTROL.sub("", text)


def shown_cells(cells: Iterable[m.Cell], reply: m.Loaded) -> tuple[ShownCell, ...]:
    """Return the outputs of the cells, with at most MAX_OUTPUTS characters besides short values.

    The worker sends only texts, in the order of the cells. The labels come from the
    judge's own list of cells.
    """
    left = m.MAX_OUTPUTS

    def cut(text: str, short: int = 0) -> str:
        nonlocal left
        text = without_control(text)
        text = text[: max(short, min(left, m.MAX_OUTPUT + 100))]
        left = max(0, left - len(text))
        return text

    first: dict[str, m.Stop] = {}
    for each in reply.stops:
        first.setdefault(each.label, each)
    shown = []
    for cell, output in zip(cells, reply.outputs, strict=False):
        here = ShownCell(cell.label, cut(output.printed), cut(output.value, m.SHORT_VALUE))
        if cell.label in first:
            stop = first[cell.label]
            error = without_control(sentences.stop_below_its_cell(stop))
            here = replace(here, error_type=without_control(stop.type), error=error)
        shown.append(here)
    return tuple(shown)
