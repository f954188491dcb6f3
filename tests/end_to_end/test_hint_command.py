"""`course hint`, as learners run it."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run
from sound_course import EXERCISE_YAML, SoundCourse

from grader.progress.attempt import Attempt
from grader.progress.log import AttemptLog


def attempts_in(home: Path) -> list[Attempt]:
    log = AttemptLog(home / "attempts.sqlite")
    attempts = log.attempts()
    log.close()
    return attempts


def test_hints_for_a_question_come_in_order(run: Run, home: Path, tiny: Path) -> None:
    outputs = [run("--course", tiny, "hint", "tiny-q1").stdout for _ in range(4)]
    assert "hint 1 of 3.\nCount on." in outputs[0]
    assert "hint 2 of 3.\nNot three." in outputs[1]
    assert "hint 3 of 3.\nIt has three letters." in outputs[2]
    assert "There are no more hints. Here is the last one again." in outputs[3]
    assert "It has three letters." in outputs[3]
    assert [(a.kind, a.item, a.hints) for a in attempts_in(home)] == [
        ("hint", "tiny-q1", n) for n in (1, 2, 3)
    ]


def test_hints_continue_between_the_command_and_the_quiz(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="h\n")
    assert "hint 2 of 3" in run("--course", tiny, "hint", "tiny-q1").stdout
    assert "Hint 3 of 3" in run("--course", tiny, "quiz", "tiny", input="h\nb\n").stdout
    assert [a.hints for a in attempts_in(home)] == [1, 2, 3, 3]
    assert len({a.sitting for a in attempts_in(home)}) == 1


def test_hints_for_the_functions_of_an_exercise_come_in_order(run: Run, home: Path, tiny: Path) -> None:
    assert "exercise-sum/add, hint 1 of 2." in run("--course", tiny, "hint", "exercise-sum").stdout
    assert "hint 2 of 2.\nReally." in run("--course", tiny, "hint", "exercise-sum", "add").stdout
    assert "There are no more hints." in run("--course", tiny, "hint", "exercise-sum").stdout
    half = run("--course", tiny, "hint", "exercise-sum", "half")
    assert half.stdout == "exercise-sum/half has no hints. To read about it: course lesson tiny\n"
    assert [a.item for a in attempts_in(home)] == ["exercise-sum/add"] * 2


def record_check(home: Path, **outcomes: str) -> None:
    tests = [
        {"id": f"test_{name}", "function": name, "outcome": outcome, "points": 1.0, "score": 0.0}
        for name, outcome in outcomes.items()
    ]
    log = AttemptLog(home / "attempts.sqlite")
    log.append(
        Attempt(
            id=f"{len(log.attempts()):032x}",
            time="2026-01-02T03:04:05.678Z",
            kind="check",
            item="exercise-sum",
            content_hash="v",
            score=0.0,
            max_score=2.0,
            report={"tests": tests},
        )
    )
    log.close()


def test_before_a_check_the_hint_invites_to_one(run: Run, home: Path, tiny: Path) -> None:
    invitation = "After a check, hints start with what is wrong in your file: course check exercise-sum"
    assert run("--course", tiny, "hint", "exercise-sum", "add").stdout.endswith(f"\n{invitation}\n")
    record_check(home, add="failed", half="passed")
    assert "course check" not in run("--course", tiny, "hint", "exercise-sum", "add").stdout


def test_without_a_function_the_first_failed_one_gets_a_hint(run: Run, home: Path, tiny: Path) -> None:
    record_check(home, add="passed", half="failed")
    assert "exercise-sum/half has no hints" in run("--course", tiny, "hint", "exercise-sum").stdout
    record_check(home, add="passed", half="not_run")  # it is still blank
    assert "exercise-sum/half has no hints" in run("--course", tiny, "hint", "exercise-sum").stdout
    record_check(home, add="passed", half="passed")
    done = run("--course", tiny, "hint", "exercise-sum")
    assert "passed your last check" in done.stdout
    assert "course hint exercise-sum add" in done.stdout


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["tiny-q9"], "did you mean tiny-q"),
        (["exercise-sun"], "did you mean exercise-sum?"),
        (["exercise-sum", "ad"], "did you mean add?"),
        (["tiny-q1", "add"], "is a question, not an exercise"),
    ],
)
def test_for_unknown_ids_the_nearest_are_suggested(run: Run, tiny: Path, args: list[str], part: str) -> None:
    done = run("--course", tiny, "hint", *args)
    assert done.returncode == 2
    assert part in done.stderr


def test_a_log_that_cannot_be_written_is_reported(run: Run, home: Path, tiny: Path) -> None:
    home.write_text("a file")
    done = run("--course", tiny, "hint", "tiny-q1")
    assert done.returncode == 3
    assert "COURSE_HOME" in done.stderr


# --- hints follow what a real check found ---

GUIDED = """tests:
  test_two: {hints: [Do it on paper with 3., Now with 4.]}
  test_drawn: {hints: [Negative numbers count too.]}
mistakes:
"""
ADDS = "def scaled(x, factor=2):\n    return x + factor\n"
DROPS_SIGNS = "def scaled(x, factor=2):\n    return abs(x) * factor\n"
ADDS_HINTS = 'says: What does "times" ask for?\n    hints: [Compute 3 times 3., Which sign do you use?]'
FIRST = "\ndef first(x):\n    return float(x[0])\n"


@pytest.fixture
def guided(tmp_path: Path) -> Path:
    course = SoundCourse(tmp_path / "guided")
    course.replace(EXERCISE_YAML, "mistakes:\n", GUIDED)
    course.replace(EXERCISE_YAML, 'says: What does "times" ask for?', ADDS_HINTS)
    return course.root


def checked(run: Run, guided: Path, code: str) -> None:
    file = guided / "my.py"
    file.write_text(code + FIRST)
    assert run("--course", guided, "check", "exercise-x", file).returncode == 1


def next_hint(run: Run, guided: Path) -> str:
    return " ".join(run("--course", guided, "hint", "exercise-x").stdout.split())


def test_hints_follow_the_failure(run: Run, home: Path, guided: Path) -> None:
    checked(run, guided, ADDS)
    named = "About the idea that your last check named."
    title = "About a test that your last check did not pass: Three times three is nine."
    name = "exercise-x/scaled, hint"
    assert next_hint(run, guided) == f"{name} 1 of 5. {named} Compute 3 times 3."
    assert next_hint(run, guided) == f"{name} 2 of 5. {named} Which sign do you use?"
    assert next_hint(run, guided) == f"{name} 3 of 5. {title} Do it on paper with 3."
    # another mistake, which only a hidden test finds: other hints, and none is given again
    checked(run, guided, DROPS_SIGNS)
    title = "About a test that your last check did not pass: Any numbers are multiplied."
    assert next_hint(run, guided) == f"{name} 1 of 2. {title} Negative numbers count too."
    assert next_hint(run, guided).startswith(f"{name} 2 of 2. Think of one number first.")
    checked(run, guided, ADDS)
    assert "hint 5 of 5. About a test" in (last := next_hint(run, guided))
    assert "Now with 4." in last and "no more help" in last
    items = [(a.item, a.hints) for a in attempts_in(home) if a.kind == "hint"]
    assert items == [
        ("exercise-x/mistake/adds-the-factor", 1),
        ("exercise-x/mistake/adds-the-factor", 2),
        ("exercise-x/test/test_two", 1),
        ("exercise-x/test/test_drawn", 1),
        ("exercise-x/scaled", 1),
        ("exercise-x/test/test_two", 2),
    ]


def test_code_that_fails_everywhere_gets_hints_about_the_function(run: Run, guided: Path) -> None:
    checked(run, guided, "def scaled(x, factor=2):\n    return x * facto\n")
    assert next_hint(run, guided).startswith("exercise-x/scaled, hint 1 of 1. Think of one number first.")
