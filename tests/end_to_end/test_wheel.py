"""The wheel contains the course and works from any directory, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `course` command of an environment that has no code of ours except the wheel."""
    directory = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(directory), str(ROOT)]
    subprocess.run([*pip, *build], check=True, timeout=300)
    (wheel,) = directory.glob("*.whl")
    venv.create(directory / "venv", with_pip=False, symlinks=os.name != "nt")
    python = directory / "venv" / Path(sys.executable).relative_to(sys.prefix)
    subprocess.run(
        [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True
    )
    # a .pth file lends this environment's packages, but not the checkout: it does not read other .pth files
    (site,) = (directory / "venv").glob("**/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.with_name("course")


def test_the_wheel_answers_the_quiz_from_any_directory(
    installed: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "answers.json").write_text('{"day4-q1": "b", "day4-q2": "C"}')
    done = subprocess.run(
        [installed, "quiz", "day4", "--answers", "answers.json", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr  # three questions are not answered
    assert '"score": 2' in done.stdout


def test_the_wheel_contains_the_practice_questions(
    installed: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    practice = [installed, "quiz", "day4", "--practice", "--count", "1"]
    done = subprocess.run(
        practice, cwd=tmp_path, env=environment, input="s\n", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Practice 1 of 1" in done.stdout


def test_the_wheel_checks_its_exercise(installed: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    start = subprocess.run([installed, "start", "exercise-cells"], cwd=tmp_path, env=environment)
    assert start.returncode == 0
    check = subprocess.run(
        [installed, "check", "exercise-cells"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert check.returncode == 1, check.stderr
    assert "Score: 0 of 14" in check.stdout


def test_the_wheel_uses_its_own_course(installed: Path, tmp_path: Path) -> None:
    code = "from grader.content.course import Course; print(Course.bundled().root)"
    python = installed.with_name(Path(sys.executable).name)
    done = subprocess.run(
        [python, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).parts[-2:] == ("grader", "course")
