"""`course check --ask`: questions about the learner's own code."""

from __future__ import annotations

import subprocess
from pathlib import Path

from judging import course_command
from own_course import FILE, RIGHT, write_own_course

from grader.progress.log import AttemptLog


def check(tmp_path: Path, typed: str, *options: str) -> subprocess.CompletedProcess[str]:
    root = write_own_course(tmp_path / "course")
    (tmp_path / FILE).write_text(RIGHT)
    return course_command(
        "check", "exercise-sum", *options, cwd=tmp_path, typed=typed, COURSE_DIR=str(root), COURSE_WARM="off"
    )


def test_questions_follow_the_verdict_and_answers_are_recorded(tmp_path: Path) -> None:
    done = check(tmp_path, "s\nnothing\ns\ns\n", "--ask")
    assert done.returncode == 0, done.stderr
    verdict, _, asked = done.stdout.partition("All tests passed.")
    assert verdict
    assert "Your code, question 1 of" in asked
    kinds = [attempt.kind for attempt in AttemptLog(tmp_path / "home" / "attempts.sqlite").attempts()]
    assert kinds[0] == "check"
    assert {*kinds[1:]} == {"skip"}


def test_without_the_option_nothing_is_asked(tmp_path: Path) -> None:
    assert "Your code" not in check(tmp_path, "").stdout


def test_questions_cannot_go_into_json(tmp_path: Path) -> None:
    done = check(tmp_path, "", "--ask", "--json")
    assert done.returncode == 2
    assert "--ask cannot be combined with --json" in done.stderr
