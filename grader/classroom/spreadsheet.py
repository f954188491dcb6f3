"""Read a table that a spreadsheet or another system saved as CSV, with any encoding and delimiter."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem

MAX_BYTES = 50_000_000
Line = tuple[int, list[str]]  # the number of the line in which a row begins, and its cells


def read_lines(path: Path, wanted: str, is_known: Callable[[str], bool]) -> list[Line]:
    """Return the rows of a file. `wanted` tells which file to name.

    Raises CourseError, EnvironmentProblem.
    """
    return lines_of(read_table(path, wanted), path, is_known)


def read_table(path: Path, wanted: str) -> str:
    """Return the text of a file. `wanted` tells which file to name.

    Raises CourseError, EnvironmentProblem.
    """
    return _decoded(_read(path, wanted), path)


def lines_of(text: str, path: Path, is_known: Callable[[str], bool]) -> list[Line]:
    """Return the rows that are not blank, split at the delimiter that gives the most known columns.

    Raises CourseError.
    """
    declared = re.match(r"\s*sep=(.)\r?\n", text)  # a line that spreadsheets read
    if declared:
        text = text[declared.end() :]
    first = next((line for line in text.splitlines() if line.strip(" \t;,|")), "")

    def known(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader([first], delimiter=delimiter), [])
        return sum(map(is_known, header)), len(header)

    before = int(bool(declared))
    begins = before + 1
    found: list[Line] = []
    try:
        delimiter = declared[1] if declared else max(",;\t|", key=known)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in lines:
            cells = [cell.strip() for cell in row]
            if any(cells):
                found.append((begins, cells))
            begins = lines.line_num + before + 1  # a row may have several lines
    except csv.Error:  # the only error of a lenient reader
        raise CourseError(f"{path}:{begins}: a cell is too long for a CSV — export it again") from None
    return found


def checked_header(
    lines: Sequence[Line], path: Path, needed: Sequence[str], whole: Sequence[str]
) -> list[str]:
    """Return the header. Raises ContentError if it lacks a needed column."""
    header = lines[0][1] if lines else []
    if missing := [name for name in needed if name not in header]:
        what = f"there is no column {', '.join(missing)}"
        raise ContentError([Problem(str(path), 1, what, f"the header must be {','.join(whole)}")])
    return header


def _read(path: Path, wanted: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CourseError(f"there is no {path} — name {wanted}") from None
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — check its permissions") from None
    if len(raw) > MAX_BYTES:
        raise CourseError(f"{path} is too large — name {wanted}")
    return raw


def _decoded(raw: bytes, path: Path) -> str:
    """Return the text of a file in UTF-8, UTF-16 or, if it is neither, Windows-1252."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in raw[:200]:
        encodings = ["utf-16-be" if raw[:1] == b"\0" else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings if not raw.startswith(b"PK\x03\x04") else ():
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise CourseError(
        f"{path} is not a text file — export it again as CSV, or save it as “CSV UTF-8” in a spreadsheet"
    )
