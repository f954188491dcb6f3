"""`course hint`, as learners run it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run

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


def test_without_a_function_the_first_failed_one_gets_a_hint(run: Run, home: Path, tiny: Path) -> None:
    record_check(home, add="passed", half="failed")
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
