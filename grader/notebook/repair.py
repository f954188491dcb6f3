"""Repair a submitted notebook so that nbgrader can grade it.

Learners can edit the metadata of their notebooks, so they are not trusted: the
points of a cell, and whether it is a test, come from the released cells. Notes
tell learners about each repair.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from grader.content.notebook_cells import (
    MAX_NOTEBOOK_BYTES,
    TEST,
    NotebookCell,
    NotebookProblem,
    parse_notebook,
    read_cell,
    source_of_cell,
    type_in_file,
)

NOTES = "course_notes"  # in a notebook's metadata: grade id of a test cell (or ALL) -> notes
ALL = ""
LEFT_OUT = "course_left_out"  # in a cell's metadata: a copy of a released cell
PUT_BACK = "course_put_back"  # in a cell's metadata: the cell was missing from the learner's file
_KEPT = ("course", NOTES, "kernelspec", "language_info")

AnyCell = dict[str, Any]
Notes = dict[str, list[str]]


class Original(Struct, frozen=True, kw_only=True):
    """A released cell."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    grade: bool = False
    solution: bool = False
    task: bool = False
    points: float | None = None

    @property
    def is_test(self) -> bool:
        return self.grade and not self.solution

    def metadata(self) -> AnyCell:
        """Return nbgrader's own metadata of the cell."""
        data: AnyCell = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "cell_type": self.cell_type,
        }
        if self.points is not None:
            data["points"] = self.points
        if self.checksum:
            data["checksum"] = self.checksum
        return data


def read_notebook(path: Path) -> tuple[dict[str, Any], str]:
    """Return a file as a valid notebook without outputs, and the reason if it cannot be read (else "").

    Never raises an error about the content; an unreadable file gives an empty notebook.
    """
    try:
        if not path.is_file():
            return _notebook([], {}), "it is not a file"
        with path.open("rb") as file:
            raw = file.read(MAX_NOTEBOOK_BYTES + 1)
    except OSError as error:
        return _notebook([], {}), f"it cannot be opened: {error.strerror}"
    return parsed_notebook(raw)


def parsed_notebook(raw: bytes) -> tuple[dict[str, Any], str]:
    """Parse a file's content as `read_notebook` does."""
    try:
        file = parse_notebook(raw)
    except NotebookProblem as problem:
        return _notebook([], {}), str(problem)
    return _notebook([_cell(cell) for cell in file.raw_cells], file.metadata), ""


def repair_cells(cells: list[AnyCell], originals: Iterable[Original]) -> tuple[list[AnyCell], Notes]:
    """Return the repaired cells and the notes.

    If several cells have the same grade id, the first keeps it. Cells whose id was
    not released become ordinary cells. Missing graded cells are put back.
    """
    known = {original.grade_id: original for original in originals}
    notes: Notes = {}
    seen: set[str] = set()
    for cell in cells:
        grade_id = read_cell(cell).grade_id
        cell["metadata"] = {}
        original = known.get(grade_id)
        if original is None:
            continue
        if grade_id in seen:
            _note_copy(cell, original, notes)
            continue
        seen.add(grade_id)
        cell["metadata"]["nbgrader"] = original.metadata()
        if cell["cell_type"] != original.cell_type:
            if not original.locked:
                _note(
                    notes,
                    grade_id,
                    f"The cell {grade_id} is read as {original.cell_type}, its original type.",
                )
            _make(cell, original.cell_type)
    for original in known.values():
        if (original.grade or original.task) and original.grade_id not in seen:
            _put_back(cells, original)
            if original.is_test:
                _note(notes, original.grade_id, "This cell was missing and has been put back.")
        if original.solution and not original.grade and original.grade_id not in seen:
            _note(notes, original.grade_id, f"The cell {original.grade_id} is missing.")
    return cells, notes


def cells_of_file(cells: Iterable[AnyCell]) -> list[tuple[NotebookCell, AnyCell]]:
    """Return the cells that were in the learner's file, each with its node; cells to leave out are blank."""
    pairs = [(read_cell(node), node) for node in cells if not _is_put_back(node)]
    return [
        (structs.replace(cell, source="") if node.get("metadata", {}).get(LEFT_OUT) else cell, node)
        for cell, node in pairs
    ]


def sources_put_back(cells: Iterable[AnyCell]) -> list[str]:
    """Return the sources of the cells that were missing from the learner's file."""
    return [source_of_cell(node) for node in cells if _is_put_back(node)]


def grade_id_of_put_back(node: AnyCell) -> str:
    """Return the grade id of a cell that was missing from the learner's file, and "" for any other."""
    return read_cell(node).grade_id if _is_put_back(node) else ""


def _is_put_back(node: AnyCell) -> bool:
    return bool(node.get("metadata", {}).get(PUT_BACK))


def notes_for(metadata: Any, grade_id: str) -> list[str]:
    """Return the notes on a test cell, from a notebook's metadata."""
    notes = metadata.get(NOTES)
    lists = [notes.get(ALL), notes.get(_noted_at(grade_id))] if isinstance(notes, dict) else []
    return [str(note) for each in lists if isinstance(each, list) for note in each]


def _note(notes: Notes, grade_id: str, text: str) -> None:
    """Add a note to the test cell of a cell."""
    notes.setdefault(_noted_at(grade_id), []).append(text)


def _noted_at(grade_id: str) -> str:
    """Return the key of the notes on a cell. A function or answer and its test share one."""
    return grade_id.removesuffix(TEST) + TEST


def _note_copy(cell: AnyCell, original: Original, notes: Notes) -> None:
    if original.is_test or original.locked:
        cell["metadata"][LEFT_OUT] = True
        if original.is_test:
            _note(notes, original.grade_id, "This cell appears more than once. Only this one counts.")
    else:
        _note(
            notes,
            original.grade_id,
            f"The cell {original.grade_id} appears more than once. All copies run, in order.",
        )


def _put_back(cells: list[AnyCell], original: Original) -> None:
    """Insert a released cell after the one it belongs to, or at the end."""
    cell: AnyCell = {
        "cell_type": original.cell_type,
        "metadata": {"nbgrader": original.metadata(), PUT_BACK: True},
        "source": original.source,
    }
    _make(cell, original.cell_type)
    owner = original.grade_id.removesuffix(TEST)
    places = [
        n for n, c in enumerate(cells) if owner == c["metadata"].get("nbgrader", {}).get("grade_id", "")
    ]
    cells.insert(places[0] + 1 if places else len(cells), cell)


def _make(cell: AnyCell, cell_type: str) -> None:
    """Set the type of a cell, and the fields of that type."""
    cell["cell_type"] = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell |= {"outputs": [], "execution_count": None}
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _cell(raw: AnyCell) -> AnyCell:
    """Return a valid cell without outputs, from a cell of any version of the format."""
    metadata = raw.get("metadata")
    cell: AnyCell = {
        "source": source_of_cell(raw),
        "metadata": _cell_metadata(metadata) if isinstance(metadata, dict) else {},
    }
    _make(cell, type_in_file(raw).value)
    attachments = raw.get("attachments")
    if cell["cell_type"] == "markdown" and _are_attachments(attachments):
        cell["attachments"] = attachments
    return cell


def _cell_metadata(metadata: AnyCell) -> AnyCell:
    return {key: metadata[key] for key in ("nbgrader", LEFT_OUT, PUT_BACK) if key in metadata}


def _are_attachments(value: Any) -> bool:
    """Return True for a dictionary name -> MIME type -> data."""
    return isinstance(value, dict) and all(
        isinstance(file, dict)
        and all("/" in kind and "json" not in kind and isinstance(data, str) for kind, data in file.items())
        for file in value.values()
    )


def _notebook(cells: list[AnyCell], metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key in _KEPT and _is_plain(value)}
    kernel, language = kept.get("kernelspec"), kept.get("language_info")
    if not (kernel and isinstance(kernel.get("name"), str) and isinstance(kernel.get("display_name"), str)):
        kept["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    if not (language and language.get("name") == "python"):
        kept["language_info"] = {"name": "python"}
    # version 4.5 would require a unique id per cell
    return {"cells": cells, "metadata": kept, "nbformat": 4, "nbformat_minor": 4}


def _is_plain(value: Any) -> bool:
    """Return True for a small dictionary of texts and lists of texts, which is safe to write."""
    if not isinstance(value, dict) or len(value) > 1000:
        return False
    texts = [text for item in value.values() for text in (item if isinstance(item, list) else [item])]
    texts += value.keys()
    return all(isinstance(text, str) and len(text) < 2000 and _is_unicode(text) for text in texts)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
