"""`course check --ask`: questions about the learner's own code."""

from __future__ import annotations

import json
import re
import subprocess
from functools import partial
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
    review = partial(
        course_command, "review", cwd=tmp_path, COURSE_DIR=str(tmp_path / "course"), COURSE_WARM="off"
    )
    again = review("--ahead", typed="s\n").stdout
    assert "Your code in exercise-sum, once more:" in again
    assert calls(again) and not calls(again) & calls(asked)  # it has other arguments
    (tmp_path / FILE).write_text(f"{RIGHT}# changed\n")
    assert json.loads(review("--json").stdout)["own_code"] == []


def calls(text: str) -> set[str]:
    """Return the calls that questions show."""
    return {*re.findall(r"(?:add|half)\([\d, ]+\)", text)}


def test_without_the_option_nothing_is_asked(tmp_path: Path) -> None:
    assert "Your code" not in check(tmp_path, "").stdout


def test_questions_cannot_go_into_json(tmp_path: Path) -> None:
    done = check(tmp_path, "", "--ask", "--json")
    assert done.returncode == 2
    assert "--ask cannot be combined with --json" in done.stderr


def test_learn_asks_after_the_exercise_is_passed_and_before_it_goes_on(tmp_path: Path) -> None:
    root = write_own_course(tmp_path / "course")
    (tmp_path / FILE).write_text(RIGHT)
    typed = "\n\nb\nc\n\n\na\n" + "\nwhat?\ns\ns\ns\n"  # the lesson, then the exercise
    done = course_command("learn", "tiny", cwd=tmp_path, typed=typed, COURSE_DIR=str(root), COURSE_WARM="off")
    assert done.returncode == 0, done.stderr
    verdict, _, asked = done.stdout.partition("Your code, question 1 of")
    assert verdict.rstrip().endswith("or `q` to stop.") and "All tests passed." in verdict
    assert calls(asked)
    assert "Done. You have been through the whole lesson" in asked
    attempts = AttemptLog(tmp_path / "home" / "attempts.sqlite").attempts()
    about_code = [each for each in attempts if each.report and "template" in each.report]
    assert about_code and {each.kind for each in about_code} == {"skip"}
