"""The cells that a kernel has executed -> the code to judge."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from grader.content.notebook_cells import source_of_cell
from grader.judge.report import Report
from grader.judge.wire.messages import Cell
from grader.notebook.plain_tests import ABOVE, HEAD, NONE

# a line that only the course's own magics need
_OWN_LINE = re.compile(r"\s*(?:$|#|%(?:check|quiz)\b|%(?:re)?load_ext\s+grader\b)")
_RESET = re.compile(r"^%reset(?:[ \t]+-\w+)*[ \t]*$", re.MULTILINE)
_TEST_OR_TOOLS = (HEAD, NONE, ABOVE)  # the first lines of cells in a released notebook


class Execution(Struct, frozen=True):
    """A cell that was executed, with its number in the notebook: the 3 of `In [3]`.

    `cell_id` is the id that the front end gives the cell. It stays the same if the cell is
    edited; "" if the front end gives none.
    """

    number: int
    source: str
    cell_id: str = ""

    @property
    def label(self) -> str:
        """Return the name of the execution in feedback."""
        return f"In [{self.number}]"

    def repeats(self, other: Execution) -> bool:
        """Return True if both are executions of the same cell, as far as that can be known."""
        if self.cell_id and other.cell_id:
            return self.cell_id == other.cell_id
        return self.source == other.source


def executions(history: Sequence[str], cell_ids: dict[int, str]) -> list[Execution]:
    """Return what was executed since the last `%reset`, in order.

    `history` is IPython's list of raw inputs, by number.
    """
    found: list[Execution] = []
    for number, raw in enumerate(history):
        source = source_of_cell({"source": raw})
        if _RESET.search(source):
            found.clear()
        if source.strip():
            found.append(Execution(number, source, cell_ids.get(number, "")))
    return found


def learner_executions(executed: Iterable[Execution], given: Collection[str] = ()) -> list[Execution]:
    """Return the executions of the learner's own cells.

    The course's tests and tools, cells with a source in `given`, and cells that hold only
    the course's magics are left out. Of executions of one cell in a row, the last one counts.
    """
    left_out = {*map(str.strip, given)}
    own = [each for each in executed if each.source.strip() not in left_out and not _is_the_course_s(each)]
    return [each for each, following in pairwise([*own, None]) if each and not _is_repeated(each, following)]


def code_of(own: Iterable[Execution]) -> tuple[Cell, ...]:
    """Return the code to judge: everything in the order in which it was executed."""
    return tuple(Cell(each.label, each.source, notebook=True) for each in own)


def without_old_stops(report: Report, own: Sequence[Execution]) -> Report:
    """Leave out what stopped in a cell that was executed again later, because the learner has fixed it."""
    old = {e.label for n, e in enumerate(own) if any(later.repeats(e) for later in own[n + 1 :])}
    stopped = tuple(stop for stop in report.stopped if stop.place.partition(" of ")[2] not in old)
    return replace(report, stopped=stopped)


def _is_the_course_s(execution: Execution) -> bool:
    lines = execution.source.strip().split("\n")
    return lines[0] in _TEST_OR_TOOLS or all(map(_OWN_LINE.match, lines))


def _is_repeated(execution: Execution, following: Execution | None) -> bool:
    return following is not None and following.repeats(execution)
