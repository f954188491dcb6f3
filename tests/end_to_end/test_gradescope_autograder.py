"""The Gradescope autograder, unpacked and run as Gradescope does, but without the container."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import course_command
from small import RIGHT, write_small_course

WRONG_FIRST = RIGHT.replace("x[0]", "x[-1]")
Grade = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Gradescope runs Linux")


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory /autograder after setup.sh, but with the dependencies of this environment."""
    directory = tmp_path_factory.mktemp("gradescope")
    write_small_course(directory / "my-course")
    export = ["export", "gradescope", "exercise-x", "--seed", "7", "-o", "autograder.zip"]
    done = course_command("--course", "my-course", *export, cwd=directory)
    assert done.returncode == 0, done.stderr
    assert "do not share it" in done.stdout
    root = directory / "autograder"
    with zipfile.ZipFile(directory / "autograder.zip") as package:
        for member in package.infolist():
            Path(package.extract(member, root / "source")).chmod(member.external_attr >> 16)
    venv.create(root / "venv", with_pip=False)
    python = root / "venv" / "bin" / "python"
    (wheel,) = (root / "source").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True)
    (site,) = (root / "venv").glob("**/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return root


@pytest.fixture
def grade(autograder: Path, tmp_path: Path) -> Grade:
    """Submit files, run run_autograder, and return results.json, or its message if it refuses to grade."""

    def run(
        files: dict[str, str | Path], sandbox: bool = True, seed: int | None = 7, **environment: str
    ) -> dict[str, Any]:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        if not (root / "venv").exists():
            shutil.copytree(autograder / "source", root / "source")
            (root / "venv").symlink_to(autograder / "venv")
        config = root / "source" / "autograder.json"
        config.write_text(json.dumps(json.loads(config.read_text()) | {"sandbox": sandbox, "seed": seed}))
        for name, content in files.items():
            path = root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(content) if isinstance(content, Path) else path.write_text(content)
        done = subprocess.run(
            [root / "source" / "run_autograder"],
            cwd=root,
            env=os.environ | {"AUTOGRADER_ROOT": str(root), "HOME": str(tmp_path)} | environment,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr
        if done.returncode == 3:
            assert not (root / "results" / "results.json").exists()
            return {"refused": done.stderr}
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
        return found

    return run


def test_the_score_is_that_of_course_check(grade: Grade, autograder: Path, tmp_path: Path) -> None:
    found = grade({"exercise_x.py": WRONG_FIRST, "notes.py": "x = 1"})
    (tmp_path / "exercise_x.py").write_text(WRONG_FIRST)
    check = ["--course", autograder.parent / "my-course", "check", "exercise-x", "--json", "--seed", "7"]
    verdict = json.loads(course_command(*check, cwd=tmp_path).stdout)
    assert found["score"] == verdict["score"] == 3
    assert [(t["score"], t["max_score"]) for t in found["tests"]] == [
        (t["score"], t["points"]) for t in verdict["tests"]
    ]
    assert sum(t["max_score"] for t in found["tests"]) == verdict["max_score"]
    hidden = next(t for t in found["tests"] if t["status"] == "failed")
    assert (hidden["name"], hidden["output"]) == (
        "first: The first number is returned.",
        "That is not the first number",
    )
    assert hidden["visibility"] == "visible"
    assert found["output"].startswith("3 of 4 points.")
    extra = found["extra_data"]
    assert (extra["version"], extra["seed"]) == (verdict["version"], 7)
    walls = verdict["environment"]["confinement"]
    assert extra["confinement"] == walls
    assert ("unconfined" in found["output"]) == walls.startswith("none")


def test_each_upload_gets_other_inputs_whose_seed_only_instructors_see(grade: Grade, tmp_path: Path) -> None:
    """What learner code finds out about a hidden input is of no use in the next upload."""
    course = ["--course", "my-course"]
    write_small_course(tmp_path / "my-course")
    course_command(*course, "export", "gradescope", "exercise-x", "-o", "fresh.zip", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "fresh.zip") as package:
        assert json.loads(package.read("autograder.json"))["seed"] is None
    uploads = [grade({"exercise_x.py": WRONG_FIRST}, seed=None) for _ in range(2)]
    seeds = {upload["extra_data"].pop("seed") for upload in uploads}
    assert len(seeds) == 2 and uploads[0] == uploads[1]
    assert not any(str(seed) in json.dumps(uploads) for seed in seeds)
    assert "execution_time" not in uploads[0], "learner code could choose it"


def test_a_machine_without_a_sandbox_grades_only_if_allowed_and_says_so(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/bash").symlink_to("/bin/bash")  # but no bubblewrap
    refused = grade({"exercise_x.py": RIGHT}, PATH=str(tmp_path / "bin"))["refused"]
    assert "cannot be confined on this machine" in refused and "--no-sandbox" in refused
    found = grade({"exercise_x.py": RIGHT}, sandbox=False, PATH=str(tmp_path / "bin"))
    assert found["score"] == 4
    assert found["extra_data"]["confinement"].startswith("none")
    assert found["output"].endswith("Your code ran unconfined: this machine has no sandbox.")


def test_the_only_file_is_graded_whatever_its_name(grade: Grade) -> None:
    notebook = {"cells": [{"cell_type": "code", "source": RIGHT, "metadata": {}}], "nbformat": 4}
    assert grade({"work/Mine (2).ipynb": json.dumps(notebook), "work/data.csv": "1"})["score"] == 4


def notebook(source: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": source, "metadata": {}}], "nbformat": 4})


def test_of_several_files_one_counts_and_the_others_are_told(grade: Grade) -> None:
    copy = "Copy of exercise_x.ipynb"
    found = grade({"exercise_x.py": RIGHT, "exercise_x.ipynb": notebook(WRONG_FIRST), copy: "{"})
    assert found["score"] == 3
    assert found["output"].startswith("3 of 4 points.")
    notes = [line for line in found["output"].split("\n") if line.startswith("Note: ")]
    assert notes[0].startswith(f"Note: exercise_x.ipynb counts. {copy} is not a notebook: it is not JSON — ")
    assert notes[1] == "Note: exercise_x.ipynb counts, with 3 of 4 points. exercise_x.py would get 4."


def test_equal_scores_need_no_note(grade: Grade) -> None:
    found = grade({"exercise_x.py.txt": f"{RIGHT}x = 1\n", "exercise_x.json": notebook(RIGHT)})
    assert found["score"] == 4
    assert "counts" not in found["output"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there is no .py or .ipynb file — hand in one file, exercise_x.py or exercise_x.ipynb"),
        ({"a.py": RIGHT, "b.py": RIGHT}, "there are 2 files to choose from"),
        ({"exercise_x.py": ""}, "exercise_x.py is empty"),
        ({"answer.docx": "PK"}, "answer.docx is a Word document — hand in one file"),
        ({"__MACOSX/exercise_x.py": RIGHT, ".ipynb_checkpoints/exercise_x.py": RIGHT}, "there is no .py"),
    ],
)
def test_a_submission_that_cannot_be_graded_gets_a_reason_and_no_points(
    grade: Grade, files: dict[str, str], message: str
) -> None:
    found = grade(files)
    assert found["score"] == 0
    assert found["output"].startswith(message)


def test_a_link_to_the_solution_is_not_followed(grade: Grade, autograder: Path) -> None:
    solution = autograder / "source/course/exercises/exercise-x/solution.py"
    assert solution.is_file()
    found = grade({"exercise_x.py": solution, "deep/er/exercise_x.py": solution})
    assert found["score"] == 0


def test_a_broken_autograder_writes_no_grade(autograder: Path, tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "results/results.json").write_text("{}")
    (tmp_path / "venv").symlink_to(autograder / "venv")
    done = subprocess.run(
        [autograder / "source/run_autograder"],
        env=os.environ | {"AUTOGRADER_ROOT": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "upload the exported zip file unchanged" in done.stderr
    assert not (tmp_path / "results/results.json").exists()


def test_the_zip_contains_no_secrets_but_those_of_the_exercise(autograder: Path) -> None:
    with zipfile.ZipFile(autograder.parent / "autograder.zip") as package:
        names = package.namelist()
        modes = {name: package.getinfo(name).external_attr >> 16 & 0o777 for name in names}
    assert {"setup.sh", "run_autograder", "autograder.json", "constraints.txt"} <= set(names)
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "course/exercises/exercise-x/hidden_tests.py" in names
    assert all(
        name.startswith("course/exercises/exercise-x/") for name in names if name.startswith("course/")
    )
    (wheel,) = (autograder / "source").glob("*.whl")
    with zipfile.ZipFile(wheel) as own:
        assert not [
            name for name in own.namelist() if "hidden_tests" in name or name.startswith("grader/course/")
        ]
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", autograder / "source" / script], check=True)
    pins = dict(line.split("==") for line in (autograder / "source/constraints.txt").read_text().split())
    assert {"numpy", "tensorflow", "keras", "msgspec", "pluggy"} <= set(pins)


def test_an_exercise_without_its_tests_is_not_exported(tmp_path: Path) -> None:
    write_small_course(tmp_path / "c")
    (tmp_path / "c/exercises/exercise-x/hidden_tests.py").unlink()
    done = course_command("--course", "c", "export", "gradescope", "exercise-x", "-o", "x.zip", cwd=tmp_path)
    assert done.returncode == 2
    assert "export from the course that has the tests" in done.stderr
    assert not (tmp_path / "x.zip").exists()
