"""`course` alone: it says where the learner stands and shows one next step, which Enter starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from running import Run
from small import write_small_course

PROMPT = "Enter to start it, q to quit: "


def test_a_newcomer_is_greeted_and_shown_one_step(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny)
    assert done.returncode == 0
    welcome, _, steps = done.stdout.partition("\n\n")
    assert welcome.startswith("Welcome! Counting\n") and len(welcome.splitlines()) <= 3
    assert steps == "Next: course learn tiny\nIn your browser: `course open`. All commands: `course --help`\n"
    assert not home.exists()


def test_somebody_with_progress_sees_it_and_one_step(run: Run, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    assert run("--course", tiny).stdout.splitlines() == [
        "Quizzes taken: 0 of 1. Exercises passed: 0 of 1.",
        "The quiz tiny has 2 open questions.",
        "",
        "Next: course quiz tiny",
        "In your browser: `course open`. All commands: `course --help`",
    ]


def test_only_finished_quizzes_count_as_taken(run: Run, tiny: Path) -> None:
    run("--course", tiny, "learn", "tiny", input="\n\nb\n")  # one answer, and the lesson is not finished
    assert "Quizzes taken: 0 of 1." in run("--course", tiny).stdout
    run("--course", tiny, "quiz", "tiny", input="b\nc\na\n")
    assert "Quizzes taken: 1 of 1." in run("--course", tiny).stdout
    run("--course", tiny, "quiz", "tiny", "--new", input="b\n")  # a second sitting, stopped
    assert "Quizzes taken: 1 of 1." in run("--course", tiny).stdout


def test_an_exercise_whose_file_is_here_is_checked_next(run: Run, tiny: Path, tmp_path: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\nc\na\n")
    assert "Next: course start exercise-sum\n" in run("--course", tiny).stdout
    run("--course", tiny, "start", "exercise-sum")
    assert "Next: course check exercise-sum\n" in run("--course", tiny).stdout


def test_what_was_begun_comes_before_what_was_not(run: Run, tiny: Path, tmp_path: Path) -> None:
    run("--course", tiny, "start", "exercise-sum")
    assert run("--course", tiny).stdout.splitlines()[-5:] == [
        "You have begun the exercise exercise-sum. Write its functions, then check them.",
        "",
        "Next: course check exercise-sum",
        "Or:   course learn tiny",
        "In your browser: `course open`. All commands: `course --help`",
    ]
    run("--course", tiny, "quiz", "tiny", input="b\n")
    assert "Next: course quiz tiny\nOr:   course check exercise-sum\n" in run("--course", tiny).stdout


# --- at a terminal ---


@pytest.fixture
def at_terminal(command: str, environment: dict[str, str], tiny: Path) -> Any:
    """`course` at a terminal, waiting for Enter."""
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(command, ["--course", str(tiny)], env=environment, encoding="utf-8", timeout=30)
    child.expect("Next: course learn tiny")
    child.expect_exact(PROMPT)
    yield child
    child.close(force=True)


def ended(child: Any) -> tuple[str, int]:
    """Wait for the end of a command; return the rest of its output and its exit code."""
    output = child.read()
    child.close()
    return output, child.exitstatus


@pytest.mark.parametrize("typed", ["", "course learn tiny"], ids=["Enter", "the command"])
def test_enter_starts_the_step(at_terminal: Any, typed: str) -> None:
    at_terminal.sendline(typed)
    at_terminal.expect("How to count.")
    at_terminal.expect("Enter to begin: ")
    at_terminal.sendline("q")
    output, code = ended(at_terminal)
    assert "Your work is saved." in output
    assert code == 1  # that of `course learn`


@pytest.mark.parametrize("key", ["q\n", "\x03", "\x04"], ids=["q", "Ctrl-C", "Ctrl-D"])
def test_the_learner_can_leave(at_terminal: Any, home: Path, key: str) -> None:
    at_terminal.send(key)
    output, code = ended(at_terminal)
    assert code == 0
    assert "Traceback" not in output and "Stopped" not in output
    assert not home.exists()


def test_another_line_is_explained(at_terminal: Any) -> None:
    at_terminal.sendline("course quiz")
    at_terminal.expect("Press Enter or type")
    at_terminal.expect_exact(PROMPT)
    at_terminal.sendline("q")
    assert ended(at_terminal)[1] == 0


def test_a_check_started_by_enter_ends_with_its_exit_code(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    pexpect = pytest.importorskip("pexpect")
    course = write_small_course(tmp_path / "small")
    child = pexpect.spawn(
        command, ["--course", str(course)], env=environment, cwd=tmp_path, encoding="utf-8", timeout=60
    )
    child.expect("Next: course start exercise-x")
    child.expect_exact(PROMPT)
    child.sendline()
    output, code = ended(child)
    assert (code, "Wrote exercise_x.py" in output) == (0, True)
    child = pexpect.spawn(
        command, ["--course", str(course)], env=environment, cwd=tmp_path, encoding="utf-8", timeout=60
    )
    child.expect("Next: course check exercise-x")
    child.sendline()
    output, code = ended(child)
    assert (code, "Score: 0 of 4 points." in output) == (1, True)
