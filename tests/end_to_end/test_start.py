"""`course start` writes an exercise's starter as a file or a notebook, and never overwrites a file."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from judging import course_command
from small import write_small_course

from grader.content.course import Course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_small_course(tmp_path / "course")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def test_the_starter_is_written_and_the_next_command_named(course: Path, here: Path) -> None:
    done = course_command("--course", course, "start", "exercise-x", cwd=here)
    assert done.returncode == 0
    assert done.stdout == "Wrote exercise_x.py: 2 functions to write.\nNext: course check exercise-x\n"
    assert (here / "exercise_x.py").read_text() == (course / "exercises/exercise-x/starter.py").read_text()


@pytest.mark.parametrize("option", [[], ["--notebook"]])
def test_existing_files_are_not_overwritten(course: Path, here: Path, option: list[str]) -> None:
    for name in ("exercise_x.py", "exercise_x.ipynb"):
        (here / name).write_text("my work")
    done = course_command("--course", course, "start", "exercise-x", *option, cwd=here)
    assert done.returncode == 2 and "is not changed" in done.stderr
    assert {path.read_text() for path in here.glob("exercise_x.*")} == {"my work"}


def test_a_dangling_link_is_not_followed(course: Path, here: Path, tmp_path: Path) -> None:
    (here / "exercise_x.py").symlink_to(tmp_path / "elsewhere.py")
    assert course_command("--course", course, "start", "exercise-x", cwd=here).returncode == 2
    assert not (tmp_path / "elsewhere.py").exists()


def test_a_directory_that_cannot_be_written_gives_exit_code_3(course: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'rmdir "$1" && shift && exec "$@"'  # even root cannot write into a deleted directory
    command = str(Path(sys.executable).with_name("course"))
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(gone), command, "--course", str(course), "start", "exercise-x"],
        cwd=gone,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 3 and "cannot be written" in done.stderr


def test_for_an_unknown_exercise_the_nearest_is_suggested(course: Path, here: Path) -> None:
    done = course_command("--course", course, "start", "exercize-x", cwd=here)
    assert done.returncode == 2 and "did you mean exercise-x?" in done.stderr
    assert not list(here.iterdir())


def test_the_notebook_is_valid_and_scores_0_without_an_error(course: Path, here: Path) -> None:
    assert course_command("--course", course, "start", "exercise-x", "--notebook", cwd=here).returncode == 0
    nbformat.validate(nbformat.read(here / "exercise_x.ipynb", as_version=4))
    done = course_command("--course", course, "check", "exercise-x", "--json", cwd=here)
    report = json.loads(done.stdout)
    assert (done.returncode, report["score"]) == (1, 0)
    assert {test["outcome"] for test in report["tests"]} == {"not_run"}
    assert {test["message"] for test in report["tests"]} == {
        "double is still blank: write its body.",
        "first is still blank: write its body.",
    }


def test_the_bundled_exercise_s_notebook_is_valid_and_keeps_all_code(here: Path) -> None:
    assert course_command("start", "exercise-lstm", "--notebook", cwd=here).returncode == 0
    assert course_command("start", "exercise-lstm", cwd=here).returncode == 0
    notebook = nbformat.read(here / "exercise_lstm.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    file = ast.parse((here / "exercise_lstm.py").read_text())
    del file.body[0]  # the notebook shows the docstring as text above the code
    assert ast.dump(ast.parse("\n".join(cell for cell in code if cell[0] != "%"))) == ast.dump(file)
    assert [cell.split("(")[0] for cell in code if "NotImplementedError" in cell] == [
        f"def {function.name}" for function in Course.bundled().exercise("exercise-lstm").functions
    ]


def test_data_files_are_written_and_never_overwritten(here: Path) -> None:
    """A program reads them by the path that it has in the judge."""
    example = Path(__file__).parents[2] / "examples" / "text-statistics"
    data = example / "exercises/exercise-words/data"
    (here / "data").mkdir()
    (here / "data/fable.txt").write_text("my own fable")
    done = course_command("--course", example, "start", "exercise-words", cwd=here)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "Wrote data/rhyme.txt.",
        "data/fable.txt differs from the course's file and was not changed. Checks use the course's file.",
    ]
    assert (here / "data/fable.txt").read_text() == "my own fable"
    assert (here / "data/rhyme.txt").read_bytes() == (data / "rhyme.txt").read_bytes()
    (here / "data/rhyme.txt").unlink()
    done = course_command("--course", example, "start", "exercise-words", cwd=here)
    assert done.returncode == 2 and "exercise_words.py already exists" in done.stderr
    assert (here / "data/rhyme.txt").exists()
