"""Dated copies of the log, which a reset makes."""

from __future__ import annotations

import itertools
import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from grader.progress.log_errors import not_copied


def dated_copy(path: Path, day: date) -> Path:
    """Copy the log to a new file beside it, such as `attempts-2026-11-29.sqlite`, and return its path.

    The copy has that name only when it is complete. The caller keeps others from writing
    to the log. Raises EnvironmentProblem.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(name)) as target:
                source.backup(target)  # includes what is only in the write-ahead log so far
                target.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read anywhere
            return _renamed(Path(name), path, day)
        finally:
            for ending in ("", "-journal", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    os.unlink(name + ending)  # noqa: PTH108 - a Path has no such endings
    except (OSError, sqlite3.OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise not_copied(path.parent, why) from None


def _renamed(complete: Path, path: Path, day: date) -> Path:
    """Give the file the first name of that day that is free, and return it."""
    for number in itertools.count(1):
        again = f"-{number}" if number > 1 else ""
        copy = path.with_name(f"{path.stem}-{day.isoformat()}{again}{path.suffix}")
        with suppress(FileExistsError):
            copy.touch(exist_ok=False)
            complete.replace(copy)
            return copy
    raise AssertionError("there is always a free name")
