"""`course check` on good and bad files: exit codes, messages and records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corpus import sampled
from judging import course_command
from small import RIGHT, write_small_course

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def check(course: Path, tmp_path: Path) -> Callable[..., Done]:
    def run(*args: str | Path) -> Done:
        done = course_command("--course", course, "check", *args, cwd=tmp_path)
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.py", "", "a.py is empty — write your code in it"),
        ("a.py", b"\x7fELF\xff\xfe\x00", "a.py is not text"),
        ("a.py", "x = 1\n\0", "it contains zero bytes"),
        ("a.ipynb", "print('no notebook')", "a.ipynb is not a notebook: it is not JSON"),
        ("a.ipynb", '{"name": "package"}', "a.ipynb is not a notebook: it has no cells"),
        ("a.ipynb", '{"cells": []}', "a.ipynb has no code"),
        ("a.txt", "x = 1", "a.txt holds no Python code — save your code as .ipynb or .py"),
        ("a.docx", "x = 1", "a.docx is a Word document — save your code as .ipynb or .py"),
    ],
)
def test_a_file_that_is_not_a_submission_gets_a_reason_and_exit_code_2(
    check: Callable[..., Done], tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    write(tmp_path / name, content)
    done = check("exercise-x", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("course: ") and says in done.stderr


def test_missing_files_and_directories_are_refused(check: Callable[..., Done], tmp_path: Path) -> None:
    assert "nothing.py does not exist" in check("exercise-x", "nothing.py").stderr
    assert "is a directory" in check("exercise-x", tmp_path).stderr


def test_a_file_of_100_mb_is_refused_at_once(check: Callable[..., Done], tmp_path: Path) -> None:
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(100_000_000)
    done = check("exercise-x", "a.py")
    assert done.returncode == 2 and "is larger than 5 MB" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_file_name_that_is_not_text_is_checked(check: Callable[..., Done], tmp_path: Path) -> None:
    path = os.fsdecode(b"my\xff.py")
    write(tmp_path / path, RIGHT)
    done = check("exercise-x", path)
    assert done.returncode == 0 and "Score: 4 of 4 points." in done.stdout


def test_without_a_file_argument_the_exercise_s_own_file_is_checked(
    check: Callable[..., Done], tmp_path: Path
) -> None:
    done = check("exercise-x")
    assert done.returncode == 2 and "`course start exercise-x` writes one" in done.stderr
    write(tmp_path / "exercise_x.py", RIGHT)
    done = check("exercise-x")
    assert done.returncode == 0 and "Score: 4 of 4 points." in done.stdout


def notebook(source: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": source}]})


def notes(done: Done) -> list[str]:
    return json.loads(done.stdout).get("notes", [])  # type: ignore[no-any-return]


ONE_WRONG = RIGHT.replace("x[0]", "x[1]")


def test_of_several_files_the_notebook_is_checked_and_the_other_is_told(
    check: Callable[..., Done], tmp_path: Path
) -> None:
    write(tmp_path / "exercise_x.py", ONE_WRONG)
    write(tmp_path / "exercise_x.ipynb", notebook(RIGHT))
    write(tmp_path / "exercise_x (2).ipynb", notebook(f"%matplotlib inline\n# mine\n\n{RIGHT}"))
    done = check("exercise-x", "--json")
    assert done.returncode == 0
    assert notes(done) == [
        "exercise_x.py is here too, and its code differs; exercise_x.ipynb was checked. "
        "To check the other: course check exercise-x exercise_x.py"
    ]
    assert notes(check("exercise-x", "exercise_x.py", "--json")) == []
    write(tmp_path / "exercise_x.py", f"#!/usr/bin/env python\n# In[1]:\n{RIGHT}")
    assert notes(check("exercise-x", "--json")) == []  # the export of the same code


def test_the_untouched_starter_and_files_that_cannot_be_read_do_not_count(
    check: Callable[..., Done], course: Path, tmp_path: Path
) -> None:
    write(tmp_path / "exercise_x.ipynb", "{}")
    write(tmp_path / "exercise_x.json", '{"data": 1}')
    write(tmp_path / "exercise_x.py", (course / "exercises/exercise-x/starter.py").read_text())
    write(tmp_path / "exercise_x (1).py", RIGHT)
    done = check("exercise-x", "--json")
    assert done.returncode == 0
    assert notes(done) == [
        "exercise_x (1).py was checked. exercise_x.ipynb is not a notebook: it has no cells — "
        "save it again in Jupyter."
    ]


RENAMED = (
    "exercise_x.json",
    "exercise_x.py.txt",
    "exercise_x.txt",
    "Copy of exercise_x.ipynb",
    "exercise-x-1.py",
)


@pytest.mark.parametrize("name", sampled({name: name for name in RENAMED}, few=RENAMED[2:4]))
def test_a_renamed_file_is_found(check: Callable[..., Done], tmp_path: Path, name: str) -> None:
    write(tmp_path / name, notebook(RIGHT) if name.endswith(("json", "ipynb")) else RIGHT)
    for arguments in (["exercise-x"], [name]):
        done = check(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        assert notes(done) == []


def test_a_file_that_cannot_be_checked_gets_its_reason(check: Callable[..., Done], tmp_path: Path) -> None:
    write(tmp_path / "exercise_x.docx", "PK")
    done = check("exercise-x")
    assert (
        "no exercise_x.ipynb or exercise_x.py here, and exercise_x.docx is a Word document — " in done.stderr
    )
    assert "exercise_x.docx is a Word document — save your code as" in check("exercise_x.docx").stderr
    write(tmp_path / "exercise_x.ipynb", "{}")
    assert "exercise_x.ipynb is not a notebook" in check("exercise-x").stderr


def test_windows_1252_is_read_and_told(check: Callable[..., Done], tmp_path: Path) -> None:
    write(tmp_path / "exercise_x.py", f"# é\n{RIGHT}".encode("cp1252"))
    done = check("exercise-x", "--json")
    assert done.returncode == 0
    assert notes(done) == [
        "exercise_x.py is not UTF-8. It was read as Windows-1252; save it as UTF-8 to be sure."
    ]


def test_for_an_unknown_exercise_the_nearest_is_suggested(check: Callable[..., Done]) -> None:
    done = check("exercise-y")
    assert done.returncode == 2 and "did you mean exercise-x?" in done.stderr


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            RIGHT.replace("def double(", "def double(("),
            "not run: double was left out, because Python cannot read line",
        ),
        (
            RIGHT.replace("def double", "def duoble"),
            "not run: There is no function called double in your file.",
        ),
        (
            RIGHT.replace("2 * np", "int(input('?')) * np"),
            "double raised EOFError: input() cannot be used here",
        ),
    ],
    ids=["syntax", "lacks a function", "input in a function"],
)
def test_code_that_cannot_be_tested_gets_a_verdict_with_a_reason(
    check: Callable[..., Done], tmp_path: Path, source: str, says: str
) -> None:
    write(tmp_path / "a.py", source)
    done = check("exercise-x", "a.py")
    assert done.returncode == 1 and says in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (
            "def broken(:",
            "Python cannot read line 8 of a.py, so it was left out: invalid syntax.\n    def broken(:",
        ),
        ("name = input('Who? ')", "Line 8 of a.py stopped: EOFError: input() cannot be used here"),
        ("1 / 0", "Line 8 of a.py stopped: ZeroDivisionError: division by zero."),
        ("exit()", "Line 8 of a.py ends the program."),
    ],
)
def test_code_that_stops_beside_the_functions_costs_nothing_and_is_told_first(
    check: Callable[..., Done], tmp_path: Path, extra: str, says: str
) -> None:
    write(tmp_path / "a.py", f"{RIGHT}\n{extra}\n")
    done = check("exercise-x", "a.py")
    assert done.returncode == 0 and says in done.stdout and "Score: 4 of 4 points." in done.stdout
    assert done.stdout.index(says) < done.stdout.index("double  3 of 3")
    report = parsed(check("exercise-x", "a.py", "--json"))
    assert [*report][2] == "stopped" and report["stopped"][0]["place"] == "line 8 of a.py"


def test_a_mistake_in_a_notebook_names_its_cell(check: Callable[..., Done], tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": s} for s in (RIGHT, "%matplotlib inline\nx = 1 +\n")]
    write(tmp_path / "a.ipynb", json.dumps({"cells": cells}))
    assert "Python cannot read line 2 of code cell 2" in check("exercise-x", "a.ipynb").stdout


def parsed(done: Done) -> dict[str, Any]:
    report = json.loads(done.stdout)
    for changing in ("seconds",):
        del report[changing]
    return report


def test_a_seed_repeats_a_check_exactly(check: Callable[..., Done], tmp_path: Path) -> None:
    write(tmp_path / "a.py", RIGHT.replace("x[0]", "round(x[0], 1)"))
    first, again = (parsed(check("exercise-x", "a.py", "--json", "--seed", "7")) for _ in range(2))
    assert first == again and first["seed"] == 7


def test_without_a_seed_the_exercise_s_own_seed_is_always_used(
    check: Callable[..., Done], tmp_path: Path
) -> None:
    write(tmp_path / "a.py", RIGHT)
    assert parsed(check("exercise-x", "a.py", "--json")) == parsed(check("exercise-x", "a.py", "--json"))


def test_a_check_is_recorded_unless_no_record_is_given(
    check: Callable[..., Done], course: Path, tmp_path: Path
) -> None:
    write(tmp_path / "a.py", RIGHT)
    check("exercise-x", "a.py", "--no-record")
    assert not list(tmp_path.glob("home/*"))
    check("exercise-x", "a.py")
    done = course_command("--course", course, "progress", "--json", cwd=tmp_path)
    assert '"exercise-x"' in done.stdout


def test_a_broken_exercise_is_reported_with_exit_code_2(tmp_path: Path) -> None:
    course = write_small_course(tmp_path / "course")
    tests = course / "exercises/exercise-x/hidden_tests.py"
    tests.write_text(tests.read_text().replace('function="first"', 'function="last"'))
    write(tmp_path / "a.py", RIGHT)
    done = course_command("--course", course, "check", "exercise-x", "a.py", cwd=tmp_path)
    assert done.returncode == 2 and "hidden_tests.py:" in done.stderr and "no function 'last'" in done.stderr
