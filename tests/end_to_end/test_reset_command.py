"""`course reset` gives a clean start, and everything so far can be brought back."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from running import Run


def exported(run: Run) -> str:
    return run("progress", "--export", "-").stdout


def copies(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("attempts-*"))


@pytest.fixture
def begun(run: Run, tiny: Path) -> str:
    """The log of a learner who has answered two questions."""
    run("--course", tiny, "quiz", "tiny", input="b\nc\n")
    return exported(run)


@pytest.mark.parametrize("answer", ["y\n", "Yes\n", None])
def test_a_reset_gives_a_clean_start_and_keeps_a_dated_copy(
    run: Run, home: Path, tiny: Path, begun: str, answer: str | None
) -> None:
    done = run("reset", "--yes") if answer is None else run("reset", input=answer)
    assert done.returncode == 0
    (copy,) = copies(home)
    assert re.fullmatch(r"attempts-\d{4}-\d\d-\d\d\.sqlite", copy)
    assert f"Your progress is empty now. The old progress is in {home / copy}: 2 answers." in done.stdout
    assert exported(run) == ""
    assert "Welcome!" in run("--course", tiny).stdout


def test_the_command_it_names_brings_everything_back(run: Run, home: Path, tiny: Path, begun: str) -> None:
    output = run("reset", "--yes").stdout
    (command,) = re.findall(r"To bring the old progress back: course (.+)", output)
    for added in (2, 0):
        assert f"{added} attempts added" in run(*command.split()).stderr
    assert exported(run) == begun
    run("reset", "--yes")
    assert len(copies(home)) == 2  # a second reset of the same day does not touch the first copy


@pytest.mark.parametrize(
    "answer",
    [
        "",
        *(pytest.param(each, marks=pytest.mark.exhaustive) for each in ("\n", "n\n", "q\n")),
        "yes please\n",
    ],
)
def test_anything_but_yes_changes_nothing(run: Run, home: Path, begun: str, answer: str) -> None:
    done = run("reset", input=answer)
    assert done.returncode == 1
    assert "Nothing was changed." in done.stdout
    assert exported(run) == begun
    assert not copies(home)


def test_a_closed_stdin_means_no(command: str, environment: dict[str, str], run: Run, begun: str) -> None:
    done = subprocess.run(["sh", "-c", f"exec '{command}' reset <&-"], env=environment, capture_output=True)
    assert done.returncode == 1
    assert exported(run) == begun


def test_without_progress_nothing_is_asked_or_created(run: Run, home: Path) -> None:
    done = run("reset")
    assert (done.returncode, "nothing to reset" in done.stdout) == (0, True)
    assert not home.exists()


def test_a_sitting_at_another_terminal_goes_on(
    command: str, environment: dict[str, str], run: Run, tiny: Path, begun: str, tmp_path: Path
) -> None:
    pexpect = pytest.importorskip("pexpect")
    arguments = ["--course", str(tiny), "quiz", "tiny", "--new", "--no-confidence"]
    child = pexpect.spawn(command, arguments, env=environment, encoding="utf-8", timeout=20)
    child.expect("Your answer")
    child.sendline("s")
    child.expect("Your answer")  # its log is open now
    before = exported(run)
    assert run("reset", "--yes").returncode == 0
    child.sendline("s")
    child.expect("Your answer")
    child.sendline("q")
    child.expect(pexpect.EOF)
    (line,) = exported(run).splitlines()
    assert '"kind":"skip"' in line
    (copy,) = copies(Path(environment["COURSE_HOME"]))
    other = {"COURSE_HOME": str(tmp_path / "other")}
    run("progress", "--import", Path(environment["COURSE_HOME"]) / copy, env=other)
    assert run("progress", "--export", "-", env=other).stdout == before


def test_a_database_of_another_program_is_not_imported(run: Run, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "bookmarks.sqlite")
    connection.execute("CREATE TABLE bookmarks (address TEXT)")
    connection.close()
    done = run("progress", "--import", "bookmarks.sqlite")
    assert done.returncode == 2
    assert "not a log of attempts — import a copy that `course reset` made" in done.stderr
