"""The attempts log: it returns what was added, loses nothing, and every error says what to do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from corpus import sampled
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import attempt, attempts

from grader.errors import EnvironmentProblem
from grader.progress import log as log_module
from grader.progress.attempt import Attempt
from grader.progress.log import VERSION, AttemptLog
from grader.progress.place import log_path

FIRST_VERSION = f"""
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, time TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
    content_hash TEXT NOT NULL, sitting TEXT, quiz TEXT, answer TEXT, score REAL, max_score REAL,
    first_try INTEGER, hints INTEGER NOT NULL, confidence TEXT, seconds REAL, report TEXT
);
CREATE TRIGGER attempts_keep_update BEFORE UPDATE ON attempts
    BEGIN SELECT RAISE(ABORT, 'attempts are only ever added'); END;
INSERT INTO attempts VALUES (
    1, '{1:032x}', '2026-01-02T03:04:05.678Z', 'answer', 'tiny-q1', 'abc', 's1', 'tiny', 'b', 1.0, 1.0,
    1, 0, NULL, 2.5, NULL
);
PRAGMA application_id = {log_module.APPLICATION_ID};
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "home" / "attempts.sqlite"


def make(path: Path) -> None:
    log = AttemptLog(path)
    log.prepare()
    log.close()


@settings(max_examples=40)
@given(st.lists(attempts, max_size=5, unique_by=lambda a: a.id))
def test_attempts_come_back_as_they_were_in_order(
    tmp_path_factory: pytest.TempPathFactory, many: list[Attempt]
) -> None:
    path = tmp_path_factory.mktemp("log") / "attempts.sqlite"
    log = AttemptLog(path)
    for one in many:
        log.append(one)
    log.close()
    again = AttemptLog(path)
    assert again.attempts() == many
    for quiz in {a.quiz for a in many if a.quiz is not None}:
        assert again.attempts(quiz=quiz) == [a for a in many if a.quiz == quiz]
    again.close()


def test_reading_creates_nothing(path: Path) -> None:
    assert AttemptLog(path).attempts() == []
    assert not path.parent.exists()


def test_the_table_refuses_changes(path: Path) -> None:
    log = AttemptLog(path)
    log.append(attempt(1))
    log.close()
    connection = sqlite3.connect(path)
    for statement in ("UPDATE attempts SET score = 1", "DELETE FROM attempts"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            connection.execute(statement)
    connection.close()


def test_the_file_says_what_it_is(path: Path) -> None:
    make(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("PRAGMA application_id").fetchone() == (log_module.APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_append_is_all_or_nothing(path: Path) -> None:
    log = AttemptLog(path)
    with pytest.raises(sqlite3.IntegrityError):
        log.append(attempt(1), attempt(1))
    assert log.attempts() == []
    log.append(attempt(1))
    assert log.attempts() == [attempt(1)]
    log.close()


def test_merge_leaves_out_what_is_there_and_refuses_contradictions(path: Path) -> None:
    log = AttemptLog(path)
    log.append(attempt(1))
    assert log.merge([attempt(1), attempt(2), attempt(2)]) == (1, [])
    assert log.merge([attempt(1), attempt(2)]) == (0, [])
    other = attempt(2, answer="c")
    assert log.merge([attempt(3), other]) == (0, [other])
    assert log.attempts() == [attempt(1), attempt(2)]
    log.close()


def _append_many(path: Path, start: int, count: int) -> None:
    log = AttemptLog(path)
    for number in range(start, start + count):
        log.append(attempt(number))
    log.close()


def test_many_processes_write_at_once_from_the_very_first_moment(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append_many, args=(path, n * 1000, 40)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    log = AttemptLog(path)
    assert len(log.attempts()) == 160
    log.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_process_loses_nothing_it_had_appended(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from samples import attempt\n"
        "from grader.progress.log import AttemptLog\n"
        "log = AttemptLog(Path(sys.argv[1])); number = 0\n"
        "while True:\n"
        "    log.append(attempt(number)); number += 1; print(number, flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    reported = 0
    while reported < 20:
        reported = int(process.stdout.readline())
    process.kill()
    reported = int((process.stdout.read().split("\n")[:-1] or [reported])[-1])
    process.wait()
    process.stdout.close()
    log = AttemptLog(path)
    kept = log.attempts()
    assert kept == [attempt(number) for number in range(len(kept))]
    assert reported <= len(kept) <= reported + 1
    log.append(attempt(99_999))
    log.close()


@pytest.mark.parametrize("count", sampled({"ten": 10, "a hundred": 100}, few=["ten"]))
def test_many_processes_at_once_lose_nothing(path: Path, count: int) -> None:
    """Each opens the log, which does not exist yet, and adds one attempt, as `course quiz --answers` does."""
    script = (
        "import sys; from pathlib import Path; from samples import attempt;"
        "from grader.progress.log import AttemptLog; sys.stdin.read();"
        "log = AttemptLog(Path(sys.argv[1])); log.attempts();"
        "log.append(attempt(int(sys.argv[2]))); log.close()"
    )
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(number)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": here},
        )
        for number in range(count)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.close()  # go
        process.stdin = None
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [each for each in said if each] == []
    assert sorted(int(each.id, 16) for each in AttemptLog(path).attempts()) == [*range(count)]


# --- errors: each is an EnvironmentProblem that names the file and says what to do ---


def refusal(path: Path) -> str:
    """Return the error that preparing the log raises."""
    log = AttemptLog(path)
    with pytest.raises(EnvironmentProblem) as caught:
        log.prepare()
    log.close()
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_file_where_the_directory_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    path = tmp_path / "home" / "attempts.sqlite"
    assert "COURSE_HOME" in refusal(path)
    assert "--no-record" in refusal(path)
    with pytest.raises(EnvironmentProblem, match="COURSE_HOME"):
        AttemptLog(path).attempts()


def test_a_directory_where_the_file_should_be(path: Path) -> None:
    path.mkdir(parents=True)
    assert "COURSE_HOME" in refusal(path)


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs /proc")
def test_a_path_that_not_even_root_can_write_to() -> None:
    assert "COURSE_HOME" in refusal(Path("/proc/course/attempts.sqlite"))


def test_a_locked_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    monkeypatch.setattr(log_module, "BUSY_SECONDS", 0.05)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    assert "locked by another program" in refusal(path)
    connection.close()


def test_a_log_of_the_first_version_is_upgraded(path: Path) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.executescript(FIRST_VERSION)
    connection.close()
    log = AttemptLog(path)
    log.append(attempt(2, correct=True, misconception="m"))
    old, new = log.attempts()
    log.close()
    assert (old.item, old.correct, old.misconception) == ("tiny-q1", None, None)
    assert (new.correct, new.misconception) == (True, "m")
    log = AttemptLog(path)
    assert len(log.attempts()) == 2
    log.close()


def test_a_log_from_a_newer_version(path: Path) -> None:
    make(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    assert "newer version" in refusal(path)


def test_a_database_of_another_program(path: Path) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    assert "move the file aside" in refusal(path)


@pytest.mark.parametrize("size", [99, 512, 5000])
def test_a_truncated_log(path: Path, size: int) -> None:
    log = AttemptLog(path)
    log.append(*(attempt(number) for number in range(50)))
    log.close()
    path.write_bytes(path.read_bytes()[:size])
    message = refusal(path)
    assert "damaged" in message
    assert "move the file aside" in message
    assert "course progress --import" in message


def test_not_a_database(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x03\x04" * 2000)
    assert "damaged" in refusal(path)


def test_an_empty_file_is_a_new_log(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()  # left behind by a process killed while creating the log
    log = AttemptLog(path)
    log.append(attempt(1))
    assert log.attempts() == [attempt(1)]
    log.close()


def test_a_full_disk_keeps_what_was_recorded(path: Path) -> None:
    log = AttemptLog(path)
    log.append(attempt(1))
    (pages,) = log._connection().execute("PRAGMA page_count").fetchone()
    log._connection().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        log.append(*(attempt(number) for number in range(2, 500)))
    assert log.attempts() == [attempt(1)]
    log.close()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can drop its rights")
def test_a_read_only_home_of_an_ordinary_user(path: Path) -> None:
    log = AttemptLog(path)
    log.append(attempt(1))
    log.close()
    program = (
        "import os, sys; from pathlib import Path\n"
        "from grader.errors import EnvironmentProblem; from grader.progress.log import AttemptLog\n"
        "os.setuid(65534)\n"
        "try: AttemptLog(Path(sys.argv[1])).prepare()\n"
        "except EnvironmentProblem as problem: print(problem)\n"
    )
    # other users need access to all parent directories
    for parent in [*path.parents][:-2]:
        parent.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True)
    assert "COURSE_HOME" in done.stdout, done.stderr


# --- location of the file ---


def test_course_home_decides_the_place(tmp_path: Path) -> None:
    assert log_path({"COURSE_HOME": str(tmp_path)}) == tmp_path / "attempts.sqlite"
    assert log_path({"COURSE_HOME": "~/x"}) == Path.home() / "x" / "attempts.sqlite"


def test_without_course_home_the_platform_decides() -> None:
    for environment in ({}, {"COURSE_HOME": ""}):
        path = log_path(environment)
        assert path.is_absolute()
        assert path.parent.name == "course"


class Meanwhile:
    """A connection that lets another process set up the log after each statement."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def execute(self, sql: str) -> Any:
        found = self._connection.execute(sql).fetchone()
        other = AttemptLog(self._path)
        other.prepare()
        other.close()
        return SimpleNamespace(fetchone=lambda: found)


def test_a_log_that_another_process_sets_up_at_this_moment_is_a_log(tmp_path: Path) -> None:
    path = tmp_path / "attempts.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        log = AttemptLog(path)
        assert log._check_version(Meanwhile(connection, path)) == 0  # type: ignore[arg-type]
        assert log._check_version(connection) == VERSION
