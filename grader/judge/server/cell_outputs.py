"""The outputs of the learner's cells during loading, for display beside the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.judge import sentences
from grader.judge.jobs import ShownCell
from grader.judge.wire import messages as m

# text printed by learner code must not control the reader's terminal
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_control(text: str) -> str:
    """Remove escape sequences and control characters, except tabs and newlines."""
    return _CONTROL.sub("", text)


def shown_cells(cells: Iterable[m.Cell], reply: m.Loaded | m.Raised) -> tuple[ShownCell, ...]:
    """Return the outputs of the cells that ran, with at most MAX_OUTPUTS characters besides short values.

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

    cells = tuple(cells)
    ran = zip(cells, reply.outputs, strict=False)
    shown = [
        ShownCell(cell.label, cut(output.printed), cut(output.value, m.SHORT_VALUE)) for cell, output in ran
    ]
    if isinstance(reply, m.Raised) and (stopped := _stopped_at(cells, reply)):
        error = without_control(sentences.error_with_place(reply))
        shown.append(ShownCell(stopped.label, cut(reply.printed), "", without_control(reply.type), error))
    return tuple(shown)


def _stopped_at(cells: tuple[m.Cell, ...], raised: m.Raised) -> m.Cell | None:
    """Return the cell that raised or does not parse, or None if the worker's reply does not identify it."""
    if raised.syntax:
        return next((cell for cell in cells if cell.label == raised.label), None)
    number = len(raised.outputs)
    known = raised.label is not None and number < min(len(cells), m.MAX_CELLS)
    return cells[number] if known else None
