"""`course watch`: a check on every save, keys, and a clean end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import command_of, descendants
from small import RIGHT, write_small_course

pexpect = pytest.importorskip("pexpect", reason="needs a pseudo-terminal")
WRONG = RIGHT.replace("2 *", "3 *")


@pytest.fixture
def watching(command: str, environment: dict[str, str], tmp_path: Path) -> Iterator[pexpect.spawn]:
    """`course watch` on a right solution at a terminal, after its first verdict."""
    course = write_small_course(tmp_path / "course")
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    child = pexpect.spawn(
        command,
        ["--course", str(course), "watch", "exercise-x"],
        cwd=str(tmp_path),
        env=environment,
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 100),
    )
    child.expect("Score: 4 of 4 points")
    child.expect("q quit")
    yield child
    child.close(force=True)


def checks(command: str, environment: dict[str, str]) -> list[float]:
    """Return the recorded scores in order."""
    done = subprocess.run(
        [command, "progress", "--export", "-"], env=environment, capture_output=True, text=True, check=True
    )
    return [json.loads(line)["score"] for line in done.stdout.splitlines()]


def test_a_save_of_an_imported_module_is_checked(watching: pexpect.spawn, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(f"try:\n    import tools\nexcept ImportError:\n    pass\n{RIGHT}")
    (tmp_path / "tools.py").write_text("x = 1\n")
    watching.expect("Checking")
    watching.expect("waiting for the next save")
    (tmp_path / "tools.py").write_text("x = 2\n")
    watching.expect("Checking")
    watching.expect("waiting for the next save")


def test_each_save_is_checked_and_recorded(
    watching: pexpect.spawn, command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "exercise_x.py").write_text(WRONG)
    watching.expect("Score: 1 of 4 points")
    # many editors write a new file and move it into place
    (tmp_path / "new").write_text(RIGHT)
    (tmp_path / "new").replace(tmp_path / "exercise_x.py")
    watching.expect("Score: 4 of 4 points")
    watching.send("q")
    watching.expect(pexpect.EOF)
    watching.close()
    assert watching.exitstatus == 0
    assert checks(command, environment) == [4, 1, 4]


def test_a_newer_save_stops_an_older_check(watching: pexpect.spawn, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text("while True: pass")
    watching.expect("Checking")
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    watching.expect("Score: 4 of 4 points", timeout=15)  # without this, loading could take 120 s


def test_h_shows_a_hint_and_r_checks_again(watching: pexpect.spawn, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(WRONG)
    watching.expect("Score: 1 of 4 points")
    watching.send("h")
    watching.expect("exercise-x/double, hint 1 of 1")
    watching.send("r")
    watching.expect("Score: 1 of 4 points")


def test_a_file_that_disappears_for_a_moment_is_waited_for(watching: pexpect.spawn, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").unlink()
    watching.expect("does not exist")
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    watching.expect("Score: 4 of 4 points")


def test_an_edited_course_is_used_at_the_next_save(watching: pexpect.spawn, tmp_path: Path) -> None:
    tests = tmp_path / "course" / "exercises" / "exercise-x" / "hidden_tests.py"
    tests.write_text(tests.read_text().replace("points(2,", "points(5,", 1))
    (tmp_path / "exercise_x.py").write_text(RIGHT + "\n")
    watching.expect("Score: 7 of 7 points")


def test_a_killed_judge_costs_no_verdict(watching: pexpect.spawn, tmp_path: Path) -> None:
    for pid in descendants(watching.pid):
        if "grader.judge.server" in command_of(pid):
            os.kill(pid, signal.SIGKILL)
    (tmp_path / "exercise_x.py").write_text(WRONG)
    watching.expect("Score: 1 of 4 points")


def test_ctrl_c_stops_watching_and_restores_the_terminal(watching: pexpect.spawn) -> None:
    watching.sendintr()
    watching.expect("Stopped")
    watching.expect(pexpect.EOF)
    watching.close()
    assert watching.exitstatus == 130


def test_through_a_pipe_keys_are_read_as_lines(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    course = write_small_course(tmp_path / "course")
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    with subprocess.Popen(
        [command, "--course", course, "watch", "exercise-x", "--poll"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment | {"PYTHONUNBUFFERED": "1"},
    ) as child:
        assert child.stdout is not None and child.stdin is not None
        output = ""
        while "waiting for the next save" not in output:
            output += child.stdout.readline()
        assert "\x1b[" not in output
        _, errors = child.communicate("q\n", timeout=30)
    assert child.returncode == 0 and errors == ""


def test_doctor_says_how_learner_code_is_confined(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run([command, "doctor"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Confinement of learner code: bubblewrap" in done.stdout
    assert str(tmp_path) in done.stdout  # the directory of the attempts log


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is Linux's")
def test_doctor_says_what_to_install(command: str, environment: dict[str, str]) -> None:
    without = environment | {"PATH": str(Path(sys.executable).parent)}
    done = subprocess.run([command, "doctor"], env=without, capture_output=True, text=True)
    assert "Confinement of learner code: none" in done.stdout
    assert "To do: install bubblewrap" in done.stdout
