"""Atomic writing of files, and CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from grader.errors import EnvironmentProblem

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))

Cell = str | float | None
SYSTEM_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # of macOS and Windows

_FORMULA = tuple("=+-@＝＋－＠")
_INNER = r"(?=[=+@＝＋＠]|-\S*[^\d\s.,;-])"
_INNER_FORMULA = re.compile(rf"([;\t]\s*){_INNER}")
_ADDED = re.compile(r"'+\s*(?=[=+\-@＝＋－＠])")
_INNER_ADDED = re.compile(rf"([;\t]\s*)'+{_INNER}")


def write_whole(path: Path, data: bytes, advice: str = "name a file in a directory you can write to") -> None:
    """Write a file atomically: readers see either the complete new file or the old one.

    Raises EnvironmentProblem, whose message ends with `advice`.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe
            return
        target = path.resolve()  # keeps a symbolic link
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:50]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise not_written(path, error, advice) from None


def copy_tree(source: Path, target: Path, without: str = "") -> None:
    """Copy the files of a directory, except in directories that are called `without`.

    Raises the first OSError. (shutil.copytree goes on, and its error does not say which one it was.)
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.is_dir():
            if path.name != without:
                copy_tree(path, target / path.name, without)
        else:
            shutil.copyfile(path, target / path.name)


def is_empty(directory: Path) -> bool:
    """Return True if a directory holds nothing but what file managers write into it."""
    return all(path.name in SYSTEM_FILES for path in directory.iterdir())


def not_written(path: Path | str, error: OSError, advice: str) -> EnvironmentProblem:
    """Return the error for a file that cannot be written. If there is no room, that decides the advice."""
    if error.errno in _NO_ROOM:
        advice = "free some space, and run the command again"
    return EnvironmentProblem(f"{path} cannot be written: {error.strerror} — {advice}")


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows as CSV (RFC 4180, but with line feeds instead of CRLF).

    Text that a spreadsheet would run as a formula gets a leading apostrophe, as OWASP
    advises. Numbers are written exactly.
    """
    out = io.StringIO()
    writer = csv.writer(out)  # with its default CRLF it quotes carriage returns in texts
    for row in rows:
        writer.writerow(map(_written, row))
        out.seek(out.tell() - 2)
        out.truncate()
        out.write("\n")
    return out.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    return harmless(cell)


def harmless(text: str) -> str:
    """Return the text, with an apostrophe before what a spreadsheet would run as a formula.

    Learners can choose such texts as their names. A lone "-" is how gradebooks write an empty cell.
    In many countries, spreadsheets also split cells at semicolons.
    """
    own = text.lstrip()
    before = text[: len(text) - len(own)]
    sign = "'" if own.startswith(_FORMULA) and text != "-" else ""
    inner = _INNER_FORMULA.sub(r"\1'", own)
    return f"{sign}{before}{inner}"


def as_typed(text: str) -> str:
    """Return a cell without spaces around it, and without the apostrophes that `harmless` adds.

    Texts that are harmless only because they have such an apostrophe lose it, too.
    """
    own = _INNER_ADDED.sub(r"\1", text.strip())
    added = _ADDED.match(own)
    return own if added is None else own[added.end() :]


def near(path: str | Path) -> str:
    """Return a path as it is shown: relative to the current directory if it is in it."""
    with suppress(OSError, ValueError):
        return str(Path(path).relative_to(Path.cwd()))
    return str(path)
