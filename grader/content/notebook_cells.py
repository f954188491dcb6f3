"""The one reader of notebooks: the bytes of an `.ipynb` file -> its cells, whatever became of the file.

`course check`, `course grade` and nbgrader's plug-in all read through it, so that
the same file gives the same cells. Nothing in a notebook is trusted: every part
may be missing or of another type.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from grader.content.notebook_json import Json, TooComplex, read_notebook_json

MAX_NOTEBOOK_BYTES = 200_000_000  # of a file: outputs may hold large pictures, and are ignored
MAX_CODE_LENGTH = 5_000_000  # characters in all code cells
FIXTURES = ("learner", "rng")  # what a visible test may take, because it also runs in a released notebook
TEST = "--test"  # the end of the grade ids of the course's own test cells
NO_TEXT = "YOUR ANSWER HERE"  # in a cell for a text; nbgrader releases such cells with these words
TOOLS = "--tools"  # the same for the cell that the visible tests need


class NotebookProblem(Exception):
    """The reason why a file is not a notebook, as the end of a sentence: "it is not JSON"."""


class CellType(StrEnum):
    """The type of a cell."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


class NotebookCell(Struct, frozen=True):
    """A cell of a notebook. `grade_id` and the booleans are nbgrader's metadata."""

    type: CellType
    source: str
    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    locked: bool = False

    @property
    def is_test(self) -> bool:
        """True for a code cell that carries points and is not the learner's to write."""
        return self.type is CellType.CODE and self.grade and not self.solution

    @property
    def is_given(self) -> bool:
        """True for a code cell that the learner did not write: a test, or a read-only cell."""
        return self.is_test or (self.type is CellType.CODE and self.locked and not self.solution)

    @property
    def is_manual_code(self) -> bool:
        """True for code that a learner writes and an instructor grades by hand."""
        return self.type is CellType.CODE and self.grade and self.solution

    @property
    def is_manual_text(self) -> bool:
        """True for a text that a learner writes and an instructor grades by hand."""
        return self.type is CellType.MARKDOWN and self.grade and self.solution

    @property
    def is_own_test(self) -> bool:
        """True for a test that an instructor added to the course's, or wrote in a notebook of their own."""
        return self.is_test and not self.grade_id.endswith(TEST)

    @property
    def is_setup(self) -> bool:
        """True for read-only code that an instructor added. It runs with the learner's code."""
        return self.is_given and not self.is_test and not self.grade_id.endswith(TOOLS)


class NotebookFile(Struct, frozen=True):
    """The cells and the metadata of a notebook, as the file has them."""

    raw_cells: tuple[dict[str, Any], ...]
    metadata: dict[str, Any]

    @property
    def cells(self) -> tuple[NotebookCell, ...]:
        return tuple(map(read_cell, self.raw_cells))


def parse_notebook(raw: bytes) -> NotebookFile:
    """Parse a file's content, without the outputs. Cells that are not JSON objects are skipped.

    Raises NotebookProblem.
    """
    if len(raw) > MAX_NOTEBOOK_BYTES:
        raise NotebookProblem(f"it has more than {MAX_NOTEBOOK_BYTES // 1_000_000} MB")
    notebook = _read(_as_utf8(raw))
    # notebooks before version 4 keep their cells in worksheets
    sheets = None if notebook is None else notebook.get("worksheets") or [notebook]
    if not isinstance(sheets, list) or not all(
        isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for sheet in sheets
    ):
        raise NotebookProblem("it has no cells")
    listed = [cell for sheet in sheets for cell in sheet["cells"]]
    cells = tuple(cell for cell in listed if cell is not None)
    if listed and not cells:
        raise NotebookProblem("it has no cells")
    if (
        sum(len(cell.source) for cell in map(read_cell, cells) if cell.type is CellType.CODE)
        > MAX_CODE_LENGTH
    ):
        raise NotebookProblem(f"its cells hold more than {MAX_CODE_LENGTH // 1_000_000} MB of code")
    metadata = notebook.get("metadata") if notebook else None
    return NotebookFile(cells, metadata if isinstance(metadata, dict) else {})


def _as_utf8(raw: bytes) -> bytes:
    """Return the file as UTF-8 without a byte order mark; JSON may also be UTF-16 or UTF-32."""
    encoding = json.detect_encoding(raw)
    if encoding == "utf-8":
        return raw
    if encoding == "utf-8-sig":
        return raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode(encoding).encode()
    except UnicodeError:
        raise NotebookProblem(f"it is not text (it looks like {encoding.upper()}, but is damaged)") from None


def _read(raw: bytes) -> Json | None:
    if not raw.strip():
        raise NotebookProblem("it is empty")
    try:
        return read_notebook_json(raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotebookProblem(f"it is not text (line {line} is not UTF-8)") from None
    except TooComplex as error:
        raise NotebookProblem(str(error)) from None
    except (ValueError, RecursionError):
        raise NotebookProblem("it is not JSON") from None


def read_cell(raw: Mapping[str, Any]) -> NotebookCell:
    """Read a cell of a file, or a node of nbformat.

    A cell that nbgrader released has the type that it was released with.
    """
    own = assignment(raw)
    grade_id = own.get("grade_id")
    return NotebookCell(
        type=_type(own.get("cell_type")) or type_in_file(raw),
        source=source_of_cell(raw),
        grade_id=grade_id if isinstance(grade_id, str) else "",
        grade=own.get("grade") is True,
        solution=own.get("solution") is True,
        locked=own.get("locked") is True,
    )


def assignment(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return nbgrader's own metadata of a cell; empty if there are none."""
    metadata = raw.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return own if isinstance(own, Mapping) else {}


def type_in_file(raw: Mapping[str, Any]) -> CellType:
    """Return the type that the file gives a cell; an unknown one is read as Markdown."""
    return _type(raw.get("cell_type")) or CellType.MARKDOWN


def source_of_cell(raw: Mapping[str, Any]) -> str:
    """Return the text of a cell, with line ends as Python writes them and characters that can be stored."""
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(piece for piece in source if isinstance(piece, str))
    text = source if isinstance(source, str) else ""
    # half of a surrogate pair is text in JSON, but cannot be encoded
    text = text.encode("utf-8", errors="replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _type(value: Any) -> CellType | None:
    return next((each for each in CellType if each == value), None)
