"""What can be wrong with the log's file, each said with its path and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import EnvironmentProblem

ELSEWHERE = "set COURSE_HOME to a directory you can write to, or use --no-record where it is offered"
REPAIR = (
    "move the file aside; a new one is made by itself. "
    "`course progress --import FILE` brings an exported log back"
)


def not_writable(path: Path, why: str | None) -> EnvironmentProblem:
    return EnvironmentProblem(f"your progress cannot be kept in {path}: {why} — {ELSEWHERE}")


def foreign(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(f"{path} is a database, but not a log of attempts — {REPAIR}")


def from_newer(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"{path} was made by a newer version of this program — upgrade it, "
        "or set COURSE_HOME to another directory"
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into EnvironmentProblem."""
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
        return EnvironmentProblem(f"{path} is damaged ({error}) — {REPAIR}")
    if code == sqlite3.SQLITE_FULL:
        return EnvironmentProblem(
            f"the disk is full, so your progress cannot be kept in {path} — "
            "make room and run the command again; all that was recorded before is there"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return not_writable(path, str(error))
    return None
