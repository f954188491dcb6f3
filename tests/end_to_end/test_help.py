"""Help with a function: hints, the worked example, the solution, and the comparison with the solution."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run
from sound_course import EXERCISE_YAML, SOLUTION, SOLUTION_PY, SoundCourse

from grader.content.course import Course
from grader.progress.attempt import Attempt
from grader.progress.log import AttemptLog

EXAMPLE = """hints: ["Think of one number first."]
    example: |
      Three prices, each with a tip:

      ```python
      print([price + 1 for price in (4, 5)])
      ```
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    course = SoundCourse(tmp_path / "sound")
    course.replace(EXERCISE_YAML, 'hints: ["Think of one number first."]\n', EXAMPLE)
    return course.root


def attempts_in(home: Path) -> list[tuple[str, str]]:
    log = AttemptLog(home / "attempts.sqlite")
    items = [(attempt.kind, attempt.item) for attempt in log.attempts()]
    log.close()
    return items


def record_check(home: Path, sound: Path, **outcomes: str) -> None:
    """Record a check with one test per function, with these outcomes."""
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
            item="exercise-x",
            content_hash=Course(sound).exercise_version("exercise-x"),
            score=0.0,
            max_score=2.0,
            report={"tests": tests},
        )
    )
    log.close()


def test_hints_come_before_the_worked_example_and_the_solution(run: Run, home: Path, sound: Path) -> None:
    first, second, third = (run("--course", sound, "hint", "exercise-x", "scaled").stdout for _ in range(3))
    assert "exercise-x/scaled, hint 1 of 1.\nThink of one number first." in first
    assert "solution" not in first
    assert "exercise-x/scaled, a worked example." in second
    assert "    print([price + 1 for price in (4, 5)])" in second
    assert "For the solution:\n  course hint exercise-x scaled --solution" in second
    assert "Here is the last one again." in " ".join(third.split())
    assert attempts_in(home) == [("hint", "exercise-x/scaled"), ("example", "exercise-x/scaled")]


def test_the_solution_comes_after_all_other_help_and_is_recorded(run: Run, home: Path, sound: Path) -> None:
    refused = run("--course", sound, "hint", "exercise-x", "scaled", "--solution")
    assert refused.returncode == 2
    assert "open 2 more steps of help for scaled before its solution" in refused.stderr
    for _ in range(2):
        run("--course", sound, "hint", "exercise-x", "scaled")
    shown = run("--course", sound, "hint", "exercise-x", "scaled", "--solution")
    assert shown.returncode == 0
    assert "return np.asarray(x, dtype=float) * factor" in shown.stdout
    assert "def first" not in shown.stdout
    assert attempts_in(home)[-1] == ("solution", "exercise-x/scaled")
    again = run("--course", sound, "hint", "exercise-x", "scaled", "--solution")
    assert again.stdout == shown.stdout


def test_a_course_without_solutions_says_so(run: Run, sound: Path) -> None:
    for _ in range(2):
        run("--course", sound, "hint", "exercise-x", "scaled")
    (sound / SOLUTION_PY).unlink()
    done = run("--course", sound, "hint", "exercise-x", "scaled", "--solution")
    assert done.returncode == 2
    assert "this course does not have the solutions of exercise-x" in done.stderr


def test_a_question_has_no_solution_to_show(run: Run, sound: Path) -> None:
    done = run("--course", sound, "hint", "tiny-q1", "--solution")
    assert (done.returncode, "type s when it is asked" in done.stderr) == (2, True)


MINE = "import numpy as np\n\nTWO = 2\n\ndef scaled(x, factor=TWO):\n    return x * factor\n"


def test_a_function_that_passed_can_be_compared_with_the_reference(
    run: Run, home: Path, sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "exercise_x.py").write_text(MINE)
    closed = run("--course", sound, "compare", "exercise-x")
    assert (closed.returncode, "no function is solved yet" in closed.stderr) == (2, True)
    record_check(home, sound, scaled="passed", first="failed")
    shown = run("--course", sound, "compare", "exercise-x").stdout
    assert shown.index("scaled, yours") < shown.index("TWO = 2") < shown.index("return x * factor")
    assert shown.index("return x * factor") < shown.index("scaled, the reference solution")
    assert "first" not in shown
    refused = run("--course", sound, "compare", "exercise-x", "first")
    assert "first is not solved yet" in refused.stderr


def test_a_function_that_was_given_up_can_be_compared(
    run: Run, home: Path, sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text("scaled = 3\n")
    for arguments in (["scaled"], ["scaled"], ["scaled", "--solution"]):
        run("--course", sound, "hint", "exercise-x", *arguments)
    shown = run("--course", sound, "compare", "exercise-x", "scaled", "mine.py").stdout
    assert "scaled = 3" in shown
    assert "np.asarray(x, dtype=float) * factor" in shown


def test_a_file_that_does_not_parse_is_handled(run: Run, home: Path, sound: Path, tmp_path: Path) -> None:
    record_check(home, sound, scaled="passed", first="passed")
    (tmp_path / "exercise_x.py").write_text("def scaled(:\n")
    done = run("--course", sound, "compare", "exercise-x", "scaled")
    assert done.returncode == 0
    assert "Your file does not define this function." in done.stdout


def test_the_reference_solution_is_the_course_s(sound: Path) -> None:
    assert SOLUTION in (sound / SOLUTION_PY).read_text()
