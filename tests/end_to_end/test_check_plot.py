"""`course check --plot FILE`, as learners run it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from judging import course_command, write_exercise
from tiny_course import write_course

from grader.content.course import Course

SOLUTION = """
    import matplotlib.pyplot as plt
    def draw(y):
        figure, axes = plt.subplots()
        axes.plot(y, label="numbers")
        return figure
    def length(y): return len(y)
"""
VISIBLE = '''
    @pytest.mark.points(1, function="draw")
    def test_line(learner):
        """There is one line."""
        assert len(learner.draw(np.array([1.0, 2.0])).axes[0].lines) == 1, "There should be one line"

    @pytest.mark.points(1, function="length")
    def test_length(learner):
        """The length is 2."""
        assert learner.length(np.zeros(2)) == 2, "It should be 2"
'''
FUNCTIONS = {"draw(y)": {"figure": "figure"}, "length(y)": {"n": "int"}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "course"
    write_exercise(place, FUNCTIONS, SOLUTION, VISIBLE, "")
    (tmp_path / "my.py").write_text((place / "exercises/exercise-x/solution.py").read_text())
    return place


def check(root: Path, *options: str | Path, file: str = "my.py") -> subprocess.CompletedProcess[str]:
    done = course_command(
        "--course", root, "check", "exercise-x", file, "--no-record", *options, cwd=root.parent
    )
    assert "Traceback" not in done.stderr
    return done


def test_a_picture_is_written(root: Path) -> None:
    done = check(root, "--plot", "drawn.png")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Wrote drawn.png\n")
    assert (root.parent / "drawn.png").read_bytes().startswith(b"\x89PNG")


def test_json_stays_alone_on_stdout(root: Path) -> None:
    done = check(root, "--json", "--plot", "drawn.svg")
    assert json.loads(done.stdout)["passed"]
    assert "Wrote drawn.svg" in done.stderr
    assert "<!-- Reference -->" in (root.parent / "drawn.svg").read_text()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def length(y): return 2\n", "no function called draw"),
        ("def draw(y): return y\ndef length(y): return 2\n", "draw should return a matplotlib figure"),
        ("def draw(y): return 1 / 0\ndef length(y): return 2\n", "ZeroDivisionError"),
    ],
)
def test_a_function_that_draws_nothing_is_the_reason(root: Path, source: str, reason: str) -> None:
    (root.parent / "my.py").write_text(source)
    done = check(root, "--plot", "drawn.png")
    assert done.returncode == 1
    last = done.stdout.splitlines()[-1]
    assert last.startswith("No picture was written: ")
    assert reason in last
    assert not (root.parent / "drawn.png").exists()


def test_an_exercise_without_figures(root: Path) -> None:
    functions = {"length(y)": {"n": "int"}}
    visible = VISIBLE[VISIBLE.index('\n    @pytest.mark.points(1, function="length")') :]
    write_exercise(root.parent / "other", functions, SOLUTION, visible, "")
    done = check(root.parent / "other", "--plot", "drawn.png")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("No picture was written: no visible test of exercise-x drew a figure.\n")


@pytest.mark.parametrize(
    ("file", "code", "says"),
    [
        ("drawn.gif", 2, "end its name in .png, .svg or .pdf"),
        ("drawn", 2, "end its name in .png, .svg or .pdf"),
        ("nowhere/drawn.png", 3, "there is no directory nowhere"),
        ("directory.png", 3, "it is a directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_check(
    root: Path, file: str, code: int, says: str
) -> None:
    (root.parent / "directory.png").mkdir()
    done = check(root, "--plot", file)
    assert done.returncode == code
    assert done.stdout == ""
    assert says in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")  # noqa: PTH110
def test_a_full_disk_is_reported_after_the_verdict(root: Path) -> None:
    (root.parent / "full.png").symlink_to("/dev/full")
    done = check(root, "--plot", "full.png")
    assert done.returncode == 3
    assert "Score: 2 of 2 points" in done.stdout
    assert "full.png cannot be written: No space left on device" in done.stderr


def test_a_lesson_has_no_figures_to_compare(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    origin = {"kind": "lesson", "id": "tiny", "version": "1"}
    notebook = {"cells": [], "metadata": {"course": origin}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "tiny.ipynb").write_text(json.dumps(notebook))
    done = course_command("--course", root, "check", "tiny.ipynb", "--plot", "drawn.png", cwd=tmp_path)
    assert done.returncode == 2
    assert "--plot is only for exercises" in done.stderr


@pytest.mark.exhaustive
def test_the_forecast_of_the_bundled_course(tmp_path: Path) -> None:
    """In the course there are two figures, and in a kit only the learner's."""
    solution = Course.bundled().exercise_dir("exercise-lstm") / "solution.py"
    done = course_command("check", "exercise-lstm", solution, "--plot", "out.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert course_command("kit", "kit", cwd=tmp_path).returncode == 0
    in_kit = ("--course", tmp_path / "kit", "check", "exercise-lstm", solution)
    done = course_command(*in_kit, "--plot", "out.svg", cwd=tmp_path)
    assert "Wrote out.svg. A learner's kit has no reference figure." in done.stdout
    drawn = (tmp_path / "out.svg").read_text()
    assert drawn.count("<!-- test predictions -->") == 1
    assert "A learner's kit has no reference figure." in drawn
