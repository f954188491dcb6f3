"""Errors about the log's file. Each message names the path and says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import EnvironmentProblem

ELSEWHERE = "set COURSE_HOME to a directory you can write to, or use --no-record where it is offered"
REPAIR = (
    "move the file aside; a new one is created automatically. "
    "To restore an exported log, run `course progress --import FILE`"
)


def not_writable(path: Path, why: str | None) -> EnvironmentProblem:
    """Return the error for a file that cannot be written."""
    return EnvironmentProblem(f"your progress cannot be saved in {path}: {why} — {ELSEWHERE}")


def not_copied(path: Path, why: str | None) -> EnvironmentProblem:
    """Return the error for a directory in which no copy can be made."""
    return EnvironmentProblem(
        f"your progress cannot be copied in {path}: {why} — nothing was changed; "
        "free some space or make the directory writable, and run the command again"
    )


def foreign(path: Path) -> EnvironmentProblem:
    """Return the error for a database of another program."""
    return EnvironmentProblem(f"{path} is a database, but not a log of attempts — {REPAIR}")


def damaged(path: Path, why: str) -> EnvironmentProblem:
    """Return the error for a file with damaged contents."""
    return EnvironmentProblem(f"{path} is damaged ({why}) — {REPAIR}")


def from_newer(path: Path) -> EnvironmentProblem:
    """Return the error for a log that a newer version of this package wrote."""
    return EnvironmentProblem(
        f"{path} was written by a newer version of this program — upgrade the program, "
        "or set COURSE_HOME to another directory"
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Convert SQLite's errors about the file at `path` into EnvironmentProblem."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        problem = _problem(path, error)
        if problem is None:
            raise
        raise problem from None


def _problem(path: Path, error: sqlite3.DatabaseError) -> EnvironmentProblem | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return EnvironmentProblem(
            f"{path} has been locked by another program for too long — "
            "close that program and run the command again"
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return damaged(path, str(error))
    if code == sqlite3.SQLITE_FULL:
        return EnvironmentProblem(
            f"the disk is full, so your progress cannot be saved in {path} — "
            "free some space and run the command again; everything recorded before is still there"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return not_writable(path, str(error))
    return None
