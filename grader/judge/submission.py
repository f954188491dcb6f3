"""Read a learner's file as the cells of source to run."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePath
from typing import TypeVar

from msgspec import Struct

from grader.content.file_names import FileKind, read_file_name, remedy_for
from grader.content.notebook_cells import (
    MAX_NOTEBOOK_BYTES,
    CellType,
    NotebookCell,
    NotebookFile,
    NotebookProblem,
    parse_notebook,
)
from grader.content.text_encoding import EncodingProblem, decode_python, decode_text
from grader.errors import EnvironmentProblem, SubmissionError
from grader.judge.wire.messages import Cell, GivenFile, SourceFile

MAX_BYTES = 5_000_000  # of a file that is not a notebook
# what a file holds whose name does not tell, or is wrong
_NOTEBOOK = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:cells|metadata|nbformat\w*|worksheets)"')
_PYTHON = re.compile(rb"^(?:def|class|import|from)\s+\w", re.MULTILINE)

T = TypeVar("T")


class Submission(Struct, frozen=True):
    """One learner's source code for one exercise.

    The cells can import `files`, the learner's helper modules. `notes` are sentences
    that tell the learner how the files were chosen and read. `data` are the exercise's
    files, which the judge adds.
    """

    name: str
    cells: tuple[Cell, ...]
    files: tuple[SourceFile, ...] = ()
    notes: tuple[str, ...] = ()
    data: tuple[GivenFile, ...] = ()


def read_submission(path: Path) -> Submission:
    """Read a file that holds Python code or a notebook.

    Raises SubmissionError if the file is missing, empty, too large, not text or not
    a notebook, and EnvironmentProblem if it cannot be read.
    """
    return parse_submission(read_file(path), path)


def parse_submission(raw: bytes, path: PurePath, name: str = "") -> Submission:
    """Parse a file's content as `read_submission` does; `name` replaces the file's name.

    `path` gives the file type and appears in errors. `name` is the submission's
    name; default: the name of the file. Raises SubmissionError.
    """
    name = name or path.name.encode(errors="replace").decode()  # the name may hold bytes that are not UTF-8
    kind = read_file_name(path.name).kind
    if kind in (FileKind.TEXT, FileKind.PYTHON) and _NOTEBOOK.match(raw):
        kind = FileKind.NOTEBOOK
    if kind is FileKind.TEXT and _PYTHON.search(raw):
        kind = FileKind.PYTHON
    notes: tuple[str, ...] = ()
    if kind is FileKind.NOTEBOOK and _PYTHON.search(raw) and not raw.lstrip().startswith(b"{"):
        kind, notes = FileKind.PYTHON, (f"{path.name} is not a notebook. It was read as Python code.",)
    if kind in (FileKind.NOTEBOOK, FileKind.JSON):
        cells = learner_cells(read_notebook(raw, path).cells)
        if not cells:
            raise SubmissionError(f"{path} has no code — write your functions in code cells")
        return Submission(name, cells)
    if kind is FileKind.TEXT:
        raise SubmissionError(f"{path} holds no Python code — save your code as .ipynb or .py")
    if kind is not FileKind.PYTHON:
        raise SubmissionError(f"{path} {remedy_for(path.name)}")
    text, told = code_of(raw, path)
    if not text.strip():
        raise SubmissionError(f"{path} is empty — write your code in it, or delete it and run `course start`")
    return Submission(name, (Cell(name, text),), notes=(*notes, *told))


def max_bytes(path: PurePath) -> int:
    """Return how large a file of this name may be."""
    kind = read_file_name(path.name).kind
    return MAX_NOTEBOOK_BYTES if kind in (FileKind.NOTEBOOK, FileKind.JSON) else MAX_BYTES


def read_file(path: Path) -> bytes:
    """Return a file's content. Raises SubmissionError if it is missing or too large, EnvironmentProblem."""
    limit = max_bytes(path)
    try:
        if not path.is_file():
            kind = "is a directory" if path.is_dir() else "is not a file"
            reason = kind if path.exists() else "does not exist"
            raise SubmissionError(f"{path} {reason} — name the file that holds your code")
        size = path.stat().st_size
        if size <= limit:
            # do not block or trust the size: some system files are endless but report size 0
            with open(path, "rb", opener=_without_waiting) as file:
                raw = file.read(limit + 1) or b""
            size = max(size, len(raw))
        if size > limit:
            raise SubmissionError(
                f"{path} is larger than {limit / 1e6:.0f} MB — "
                "clear the outputs of a notebook, and remove data from the file"
            )
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — check its permissions") from None
    return raw


def code_of(raw: bytes, path: PurePath) -> tuple[str, tuple[str, ...]]:
    """Decode source code as Python does, and return it with notes. Raises SubmissionError."""
    try:
        decoded = decode_python(raw)
    except EncodingProblem as problem:
        raise _not_text(path, str(problem)) from None
    text = _without_zeros(decoded.text, path)
    if not decoded.guessed:
        return text, ()
    return text, (
        f"{path.name} is not UTF-8. It was read as {decoded.guessed}; save it as UTF-8 to be sure.",
    )


def text_of(raw: bytes, path: PurePath) -> str:
    """Decode Unicode text, with "\\n" line endings. Raises SubmissionError."""
    try:
        return _without_zeros(decode_text(raw), path)
    except EncodingProblem as problem:
        raise _not_text(path, str(problem)) from None


def _without_zeros(text: str, path: PurePath) -> str:
    if "\0" in text:
        raise SubmissionError(f"{path} is not text (it contains zero bytes) — is it the right file?")
    return text


def _not_text(path: PurePath, problem: str) -> SubmissionError:
    return SubmissionError(f"{path} is not text ({problem}) — save it as UTF-8")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


# --- notebooks ---


def read_notebook(raw: bytes, path: PurePath) -> NotebookFile:
    """Parse a notebook's content. Raises SubmissionError."""
    try:
        return parse_notebook(raw)
    except NotebookProblem as problem:
        raise SubmissionError(f"{path} is not a notebook: {problem} — save it again in Jupyter") from None


def learner_cells(cells: Iterable[NotebookCell], given: Collection[str] = ()) -> tuple[Cell, ...]:
    """Return the code to run: what the learner wrote, in the order of the notebook.

    Tests, the course's read-only cells and copies of them are left out, and so are
    empty cells. `given` are sources of cells that the learner did not write, and
    that are not among `cells`. An instructor's own read-only code stays.
    """
    code = [*labeled((cell, cell) for cell in cells)]
    left_out = {"", *map(str.strip, given)}
    left_out |= {cell.source.strip() for _, cell in code if cell.is_given and not cell.is_setup}
    return tuple(
        Cell(label, cell.source, notebook=True)
        for label, cell in code
        if (cell.is_setup or not cell.is_given) and cell.source.strip() not in left_out
    )


def labeled(cells: Iterable[tuple[NotebookCell, T]]) -> Iterator[tuple[str, T]]:
    """Yield a label for each code cell, and what comes with the cell. Feedback uses these labels.

    Cells that are left out are counted, so that the numbers are those of the notebook.
    """
    code = (companion for cell, companion in cells if cell.type is CellType.CODE)
    return ((f"code cell {number}", companion) for number, companion in enumerate(code, start=1))
