"""A judge that stays, and results on disk: an edited known mistake is run again, and no other one."""

from __future__ import annotations

from pathlib import Path

from sound_course import SoundCourse

from grader.content.course import Course
from grader.judge.client.pool import JudgePool, Task
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

MISTAKE = "exercises/exercise-x/mistakes/second_one.py"


def test_code_is_compared_with_the_mistakes_as_they_are_now(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path)
    course = Course(tmp_path)
    code = "def scaled(x, factor=2):\n    return x\n\ndef first(x):\n    return float(x[1])\n"
    task = Task("exercise-x", Submission("mine.py", (Cell("mine.py", code),)), 7)
    with JudgePool() as judges:

        def named() -> list[str]:
            return [each.id for each in judges.check(course, task).mistakes]

        assert named() == ["second-one"]
        sound.replace(MISTAKE, "x[1]", "x[2]")
        assert named() == []
        sound.replace(MISTAKE, "x[2]", "x[1]")
        assert named() == ["second-one"]


def test_only_tests_and_solution_decide_how_a_test_ends(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path)
    course = Course(tmp_path)
    whole, tests = course.exercise_version("exercise-x"), course.tests_version("exercise-x")
    sound.append(MISTAKE, "# a comment\n")
    assert course.exercise_version("exercise-x") != whole
    assert course.tests_version("exercise-x") == tests
    sound.append("exercises/exercise-x/solution.py", "# a comment\n")
    assert course.tests_version("exercise-x") != tests
