"""Start-up: the modules that light commands import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numpy", "tensorflow", "keras", "pytest", "nbformat", "nbgrader", "matplotlib", "rich", "pylatexenc"}
HEAVY |= {"pygments", "sqlalchemy", "starlette", "uvicorn", "jinja2", "distributed", "asyncio", "grader.web"}
FORMULAS = {"pylatexenc"}
ALL_RIGHT = (Path(__file__).parents[2] / "examples" / "day4-answers.yaml").read_text("utf-8")

SPY = """
import atexit, json, sys
path = sys.argv.pop(1)
sys.argv[0] = "course"
atexit.register(lambda: open(path, "w").write(json.dumps(sorted(sys.modules))))
from grader.cli import main
main()
"""


def modules(tmp_path: Path, environment: dict[str, str], *args: str, input: str = "") -> set[str]:
    """Return the names of all modules that a command has imported."""
    report = tmp_path / "modules.json"
    command = [sys.executable, "-c", SPY, str(report), *args]
    environment = environment | {"PYTHONWARNINGS": "ignore"}
    subprocess.run(command, input=input, capture_output=True, text=True, env=environment, cwd=tmp_path)
    return {*json.loads(report.read_text())}


@pytest.mark.parametrize(
    ("args", "input"),
    [
        (["--help"], ""),
        (["--version"], ""),
        ([], ""),
        (["quiz", "day4"], "a\nh\nb\nc\nb\nd\nb\n"),
        (["quiz", "day4", "--answers", "-"], "day4-q1: b\n"),
        (["quiz"], ""),
        (["reset", "--yes"], ""),
        (["progress"], ""),
        (["progress", "--json"], ""),
        (["hint", "day4-q1"], ""),
        (["open", "--help"], ""),
        (["nbgrader", "build", "--help"], ""),
        (["report", "--help"], ""),
        (["export", "quiz", "--help"], ""),
        (["nbgrader", "grades", "--help"], ""),
    ],
    ids=" ".join,
)
def test_light_commands_import_nothing_heavy(
    tmp_path: Path, environment: dict[str, str], args: list[str], input: str
) -> None:
    imported = modules(tmp_path, environment, *args, input=input)
    assert "click" in imported
    assert not imported & HEAVY


def test_help_imports_no_command(tmp_path: Path, environment: dict[str, str]) -> None:
    imported = modules(tmp_path, environment, "--help")
    assert {name for name in imported if name.startswith("grader.")} <= {
        "grader.cli",
        "grader.cli.lazy",
        "grader.cli.which_course",
        "grader.errors",
    }


def test_reading_imports_only_what_formulas_need(tmp_path: Path, environment: dict[str, str]) -> None:
    assert not modules(tmp_path, environment, "lesson", "day4") & (HEAVY - FORMULAS)


def test_course_alone_imports_nothing_heavy_when_an_exercise_is_next(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    modules(tmp_path, environment, "quiz", "day4", "--answers", "-", input=ALL_RIGHT)
    assert not modules(tmp_path, environment) & HEAVY
