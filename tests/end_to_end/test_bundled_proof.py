"""The bundled course is proven as `course validate` proves it, in a nightly form."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from grader.content.course import Course

COURSE = Course.bundled()


@pytest.mark.exhaustive
@pytest.mark.parametrize("exercise", COURSE.exercise_ids)
def test_an_exercise_is_proven_with_twenty_seeds(command: str, exercise: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [command, "--course", COURSE.root, "validate", exercise, "--seeds", "20"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
