"""Read a learner's file as the cells of source to run."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath
from typing import Any

from msgspec import Struct

from grader.errors import EnvironmentProblem, SubmissionError
from grader.judge.wire.messages import Cell

MAX_BYTES = 5_000_000


class Submission(Struct, frozen=True):
    """One learner's source code for one exercise."""

    name: str
    cells: tuple[Cell, ...]


def read_submission(path: Path) -> Submission:
    """Read a `.py` or `.ipynb` file.

    Raises SubmissionError if the file is missing, empty, too large, not text or not
    a notebook, and EnvironmentProblem if it cannot be read.
    """
    return parse_submission(_read(path), path)


def parse_submission(raw: bytes, path: PurePath, name: str = "") -> Submission:
    """Parse the content of a file, as `read_submission` does.

    `path` gives the file type and appears in errors. `name` is the submission's
    name; default: the name of the file. Raises SubmissionError.
    """
    name = name or path.name
    text = text_of(raw, path)
    if path.suffix == ".ipynb":
        return Submission(name, _notebook_cells(path, text))
    if path.suffix != ".py":
        raise SubmissionError(f"{path} is neither .py nor .ipynb — submit one of these")
    if not text.strip():
        raise SubmissionError(f"{path} is empty — write your code in it, or delete it and run `course start`")
    return Submission(name, (Cell(name, text),))


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            kind = "is a directory" if path.is_dir() else "is not a file"
            reason = kind if path.exists() else "does not exist"
            raise SubmissionError(f"{path} {reason} — name the file that holds your code")
        size = path.stat().st_size
        if size <= MAX_BYTES:
            # do not block or trust the size: some system files are endless but report size 0
            with open(path, "rb", opener=_without_waiting) as file:
                raw = file.read(MAX_BYTES + 1) or b""
            size = max(size, len(raw))
        if size > MAX_BYTES:
            raise SubmissionError(
                f"{path} has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} — "
                "clear the outputs of a notebook; keep data out of the file"
            )
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — check its permissions") from None
    return raw


def text_of(raw: bytes, path: PurePath) -> str:
    """Decode a file as UTF-8 text with "\\n" line endings. Raises SubmissionError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SubmissionError(f"{path} is not text (line {line} is not UTF-8) — save it as UTF-8") from None
    if "\0" in text:
        raise SubmissionError(f"{path} is not text (it contains zero bytes) — is it the right file?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def code_cells(path: PurePath, text: str) -> list[tuple[str, Any]]:
    """Return the source and metadata of each code cell in a notebook's JSON. Raises SubmissionError."""
    try:
        notebook: Any = json.loads(text)
        # notebooks before version 4 keep their cells in worksheets
        sheets = notebook.get("worksheets") or [notebook]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        pairs = [
            (cell.get("source", cell.get("input", "")), cell.get("metadata"))
            for cell in cells
            if cell.get("cell_type") == "code"
        ]
        joined = [("".join(s) if isinstance(s, list) else str(s), metadata) for s, metadata in pairs]
    except (ValueError, RecursionError):
        raise SubmissionError(
            f"{path} is not a notebook: it is not JSON — save it again in Jupyter"
        ) from None
    except (AttributeError, KeyError, TypeError):
        raise SubmissionError(
            f"{path} is not a notebook: it has no cells — save it again in Jupyter"
        ) from None
    try:
        "".join(source for source, _ in joined).encode()
    except UnicodeEncodeError:
        raise SubmissionError(
            f"{path} contains text that is not valid Unicode — save it again in Jupyter"
        ) from None
    return joined


def _notebook_cells(path: PurePath, text: str) -> tuple[Cell, ...]:
    joined = ["" if _is_locked(metadata) else source for source, metadata in code_cells(path, text)]
    if not any(source.strip() for source in joined):
        raise SubmissionError(f"{path} has no code — write your functions in code cells")
    # number all cells, including those left out, so that numbers match the notebook
    return tuple(
        Cell(f"code cell {number}", source, notebook=True)
        for number, source in enumerate(joined, start=1)
        if source.strip()
    )


def _is_locked(metadata: Any) -> bool:
    """Return True if nbgrader marks the cell as read-only, as it does with tests."""
    assignment = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(assignment, dict) and assignment.get("locked") is True
