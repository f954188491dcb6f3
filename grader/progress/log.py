"""The attempts log: one append-only SQLite table, written in one transaction per call.

WAL mode lets two terminals write at the same time. If a process is killed, all
attempts that it appended before are kept. A reset moves them to a copy.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader.progress.attempt import Attempt
from grader.progress.log_copy import dated_copy
from grader.progress.log_errors import damaged, explained, foreign, from_newer, not_writable

T = TypeVar("T")

VERSION = 2  # of the table, stored as PRAGMA user_version
APPLICATION_ID = 0x63727367  # "crsg"
BUSY_SECONDS = 30.0  # a whole class may hand in answers at once
_ONE_WAIT = 0.2  # seconds that SQLite itself waits; its waits are regular, so unlucky processes starve

FIELDS = tuple(field.name for field in msgspec.structs.fields(Attempt))

# `report` is the last column, so that SQLite can read the others without it.
_SCHEMA = f"""
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, time TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
    content_hash TEXT NOT NULL, sitting TEXT, quiz TEXT, answer TEXT, correct INTEGER, misconception TEXT,
    score REAL, max_score REAL, first_try INTEGER, hints INTEGER NOT NULL, confidence TEXT, seconds REAL,
    report TEXT
);
CREATE INDEX attempts_by_quiz ON attempts (quiz) WHERE quiz IS NOT NULL;
CREATE TRIGGER attempts_keep_update BEFORE UPDATE ON attempts
    BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END;
CREATE TRIGGER attempts_keep_delete BEFORE DELETE ON attempts
    BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""
_ABOUT = """
SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
       (SELECT count(*) FROM sqlite_master)
"""
_FROM_1 = f"""
ALTER TABLE attempts ADD COLUMN correct INTEGER;
ALTER TABLE attempts ADD COLUMN misconception TEXT;
PRAGMA user_version = {VERSION};
"""


class AttemptLog:
    """The attempts log in the SQLite file at `path`, which is opened or created only when needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open: sqlite3.Connection | None = None

    def prepare(self) -> None:
        """Create the log if needed, and check that it can be written. Raises EnvironmentProblem if not."""
        with self._writing() as connection:
            # SQLite detects a read-only file or a full disk only when it writes
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def append(self, *attempts: Attempt) -> None:
        """Add all attempts in one transaction, or none. Raises EnvironmentProblem."""
        with self._writing() as connection:
            _insert(connection, attempts)

    def merge(self, attempts: Iterable[Attempt]) -> tuple[int, list[Attempt]]:
        """Add the attempts whose ids are not in the log yet. Raises EnvironmentProblem.

        Returns the number of attempts added, and the conflicts: attempts whose id
        exists with different contents. If there are conflicts, nothing is added.
        """
        with self._writing() as connection:
            known = {attempt.id: attempt for attempt in self._select(connection)}
            fresh: dict[str, Attempt] = {}
            conflicts: list[Attempt] = []
            for attempt in attempts:
                if attempt != known.get(attempt.id, fresh.get(attempt.id, attempt)):
                    conflicts.append(attempt)
                elif attempt.id not in known:
                    fresh[attempt.id] = attempt
            if not conflicts:
                _insert(connection, fresh.values())
            return (0 if conflicts else len(fresh)), conflicts

    def reset(self, day: date) -> Path | None:
        """Move all attempts to a dated copy beside the log. Raises EnvironmentProblem.

        Returns the path of the copy, or None if the log was empty. Other processes may
        have the log open: what they added before is in the copy, and what they add later
        is in the emptied log. The file stays, because they would lose attempts if it were
        renamed.
        """
        with self._writing() as connection:  # from here on, nobody else can write
            (count,) = connection.execute("SELECT count(*) FROM attempts").fetchone()
            if not count:
                return None
            copy = dated_copy(self.path, day)
            connection.execute("DROP TABLE attempts")
            for statement in _statements(_SCHEMA):
                connection.execute(statement)
        return copy

    def attempts(self, *, quiz: str | None = None) -> list[Attempt]:
        """Return all attempts, or those of one quiz, in the order they were added.

        A log that does not exist is treated as empty and is not created. Raises
        EnvironmentProblem.
        """
        if self._open is None and not self._exists():
            return []
        with explained(self.path):
            connection = self._connection()
            if quiz is None:
                return _patiently(lambda: list(self._select(connection)))
            return _patiently(lambda: list(self._select(connection, "WHERE quiz = ?", quiz)))

    def close(self) -> None:
        """Close the file if it is open. The log can still be used; it opens the file again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _exists(self) -> bool:
        try:
            self.path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise not_writable(self.path, error.strerror) from None
        return True

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path):
            connection = self._connection()
            _patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _select(self, connection: sqlite3.Connection, where: str = "", *values: str) -> Iterator[Attempt]:
        sql = f"SELECT {', '.join(FIELDS)} FROM attempts {where} ORDER BY number"
        for row in connection.execute(sql, values):
            fields = dict(zip(FIELDS, row, strict=True))
            if fields["report"] is not None:
                fields["report"] = json.loads(fields["report"])
            try:
                yield msgspec.convert(fields, Attempt, strict=False)
            except msgspec.ValidationError as error:
                raise damaged(self.path, f"attempt {fields['id']}: {error}") from None

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise not_writable(self.path, error.strerror) from None
            connection = sqlite3.connect(
                self.path, timeout=min(_ONE_WAIT, BUSY_SECONDS), isolation_level=None
            )
            try:
                _patiently(lambda: self._set_up(connection))
            except BaseException:
                connection.close()
                raise
            self._open = connection
        return self._open

    def _set_up(self, connection: sqlite3.Connection) -> None:
        if self._check_version(connection) == VERSION:
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = self._check_version(connection)  # another process may have set it up meanwhile
            for statement in _statements({0: _SCHEMA, 1: _FROM_1}.get(version, "")):
                connection.execute(statement)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _check_version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the table, or 0 for an empty file.

        Raises EnvironmentProblem if the file is not a log or comes from a newer version.
        """
        # in one statement, because another process may be setting up the log
        application, version, tables = connection.execute(_ABOUT).fetchone()
        if application == 0 and version == 0 and tables == 0:
            return 0
        if application != APPLICATION_ID:
            raise foreign(self.path)
        if version > VERSION:
            raise from_newer(self.path)
        return int(version)


def _patiently(action: Callable[[], T]) -> T:
    """Return what `action` returns; repeat it while another process has locked the file."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0.0, 0.1))


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a SQL script. (`executescript` would commit the transaction.)"""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _insert(connection: sqlite3.Connection, attempts: Iterable[Attempt]) -> None:
    sql = f"INSERT INTO attempts ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})"
    connection.executemany(sql, [_row(attempt) for attempt in attempts])


def _row(attempt: Attempt) -> list[Any]:
    values = [getattr(attempt, name) for name in FIELDS]
    if attempt.report is not None:
        values[FIELDS.index("report")] = json.dumps(attempt.report, allow_nan=False)
    return values
