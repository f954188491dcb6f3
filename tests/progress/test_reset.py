"""A reset of the log: nothing is lost, whatever happens meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from samples import attempt

from grader.errors import EnvironmentProblem
from grader.progress import log as log_module
from grader.progress.attempt import Attempt
from grader.progress.log import AttemptLog

DAY = date(2026, 11, 29)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AttemptLog]:
    with closing(AttemptLog(tmp_path / "attempts.sqlite")) as log:
        log.append(attempt(1), attempt(2))
        yield log


def attempts_in(path: Path) -> list[Attempt]:
    with closing(AttemptLog(path)) as log:
        return log.attempts()


def names(log: AttemptLog) -> list[str]:
    log.close()
    return sorted(path.name for path in log.path.parent.iterdir())


def test_the_copy_holds_everything_in_one_file(log: AttemptLog) -> None:
    copy = log.reset(DAY)
    assert copy is not None
    assert copy.name == "attempts-2026-11-29.sqlite"
    assert attempts_in(copy) == [attempt(1), attempt(2)]
    assert log.attempts() == []
    assert names(log) == ["attempts-2026-11-29.sqlite", "attempts.sqlite"]


def test_no_copy_is_overwritten_and_an_empty_log_is_not_copied(log: AttemptLog) -> None:
    log.reset(DAY)
    assert log.reset(DAY) is None
    log.append(attempt(3))
    log.reset(DAY)
    assert names(log)[:2] == ["attempts-2026-11-29-2.sqlite", "attempts-2026-11-29.sqlite"]
    assert attempts_in(log.path.with_name("attempts-2026-11-29-2.sqlite")) == [attempt(3)]


def test_the_emptied_log_still_refuses_changes(log: AttemptLog) -> None:
    log.reset(DAY)
    log.append(attempt(3))
    with pytest.raises(log_module.sqlite3.IntegrityError, match="only ever added"):
        log._connection().execute("DELETE FROM attempts")


WRITER = """
import sys, time
from pathlib import Path
from samples import attempt
from grader.progress.log import AttemptLog
log = AttemptLog(Path(sys.argv[1]))
for number in range(100, 300):
    log.append(attempt(number))
    print(number, flush=True)
    time.sleep(0.001)
"""


def test_what_others_add_meanwhile_is_in_the_copy_or_in_the_log(log: AttemptLog) -> None:
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    program = f"import sys; sys.path[:0] = {paths}\n{WRITER}"
    copies = []
    with subprocess.Popen([sys.executable, "-c", program, log.path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) % 40 == 0 and (copy := log.reset(DAY)) is not None:
                copies.append(copy)
    assert writer.returncode == 0
    kept = [attempts_in(path) for path in copies]
    assert kept and all(kept)
    everything = [one for some in (*kept, log.attempts()) for one in some]
    assert everything == [attempt(number) for number in (1, 2, *range(100, 300))]


def test_a_full_disk_changes_nothing(log: AttemptLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite reports a full disk while it writes the copy."""
    from grader.progress import log_copy

    real = log_copy.sqlite3.connect

    def small(path: str | Path) -> object:
        connection = real(path)
        if Path(path) != log.path:
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    monkeypatch.setattr(log_copy.sqlite3, "connect", small)
    with pytest.raises(EnvironmentProblem, match=r"is full — nothing was changed; free some space"):
        log.reset(DAY)
    assert log.attempts() == [attempt(1), attempt(2)]
    assert names(log) == ["attempts.sqlite"]


@pytest.mark.parametrize("when", ["backup", "rename"])
def test_ctrl_c_changes_nothing(log: AttemptLog, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    from grader.progress import log_copy

    def stopped(*arguments: object) -> None:
        raise KeyboardInterrupt

    if when == "rename":
        monkeypatch.setattr(log_copy, "_renamed", stopped)
    else:
        monkeypatch.setattr(log_copy.sqlite3, "connect", stopped)
    with pytest.raises(KeyboardInterrupt):
        log.reset(DAY)
    assert log.attempts() == [attempt(1), attempt(2)]
    assert names(log) == ["attempts.sqlite"]


def test_a_directory_that_cannot_be_written_is_named(
    log: AttemptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.progress import log_copy

    def refused(**arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(log_copy.tempfile, "mkstemp", refused)
    with pytest.raises(EnvironmentProblem, match="Permission denied — nothing was changed"):
        log.reset(DAY)
    assert log.attempts() == [attempt(1), attempt(2)]
