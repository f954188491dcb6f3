"""From the course to a released assignment with the real commands, and the release without our package."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader_course import RELEASED
from notebook_held_back import found_in, held_back

from grader.content.course import Course
from grader.content.notebook import starter_pieces
from grader.notebook.exercise_cells import without_program

LESSON = "day4"
EXERCISES = tuple(Course.bundled().exercise_ids)


@pytest.fixture(scope="module")
def class_dir(nbgrader_course: Any) -> Path:
    """An instructor's directory with the assignment built and generated."""
    return nbgrader_course.released  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def built(nbgrader_course: Any, class_dir: Path) -> dict[str, Any]:
    """All notebooks as they were built, by name. Of these, the instructor released a few."""
    return read(nbgrader_course.built)


def notebooks(class_dir: Path, step: str) -> dict[str, Any]:
    return read(class_dir / step)


def read(step: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted((step / LESSON).glob("*.ipynb"))}


def test_every_notebook_is_built_and_valid(built: dict[str, Any]) -> None:
    assert sorted(built) == sorted((LESSON, *EXERCISES))
    for notebook in built.values():
        nbformat.validate(notebook)


def test_what_is_in_the_source_is_released(class_dir: Path) -> None:
    released = notebooks(class_dir, "release")
    assert sorted(released) == sorted((LESSON, *RELEASED))
    for notebook in released.values():
        nbformat.validate(notebook)


def test_the_release_is_the_source(class_dir: Path) -> None:
    """Starters stay what they are: nbgrader's own ClearSolutions would replace them."""

    def cells(notebook: Any) -> list[tuple[str, str]]:
        return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]

    source, released = notebooks(class_dir, "source"), notebooks(class_dir, "release")
    for name in source:
        assert cells(released[name]) == cells(source[name])
        assert released[name]["metadata"]["course"] == source[name]["metadata"]["course"]


def test_the_points_are_those_of_all_tests(built: dict[str, Any]) -> None:
    course = Course.bundled()
    for name, notebook in built.items():
        metadata = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
        points = sum(meta.get("points", 0) for meta in metadata if meta.get("grade"))
        if name == LESSON:
            assert points == len(course.quiz(LESSON).questions)
            continue
        files = (course.exercise_dir(name) / f"{kind}_tests.py" for kind in ("visible", "hidden"))
        marks = re.findall(r"^@pytest\.mark\.points\(([\d.]+)", "\n".join(f.read_text() for f in files), re.M)
        assert points == sum(map(float, marks))


def test_nothing_that_is_held_back_is_in_a_notebook(class_dir: Path, built: dict[str, Any]) -> None:
    hidden = held_back(Course.bundled(), LESSON)
    assert len(hidden) > 1_000
    for notebook in (*built.values(), *notebooks(class_dir, "release").values()):
        assert found_in(notebook, hidden) == set()
        assert not any(cell.get("outputs") for cell in notebook["cells"])


# runs notebooks' code cells as a kernel does, where our package cannot be imported
PLAIN = """
import contextlib, io, json, sys
sys.modules["grader"] = sys.modules["pytest"] = None
said = []
for cells in json.load(sys.stdin):
    names, results = {"__name__": "__main__"}, {}
    for grade_id, source in cells:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(source, names)
        except Exception as error:
            results[grade_id] = [type(error).__name__, str(error)]
        else:
            results[grade_id] = ["", printed.getvalue()]
    said.append(results)
json.dump(said, open(sys.argv[1], "w"))
"""


def code_of(notebook: Any, course: Course, name: str, solved: bool) -> list[tuple[str, str]]:
    """Return (grade id, source) of the code cells; with the reference in the solution cells, if solved."""
    exercise = course.exercise(name)
    solution = (course.exercise_dir(name) / "solution.py").read_text()
    pieces = starter_pieces(exercise, solution)
    written = {f"{name}--{function.name}": source for function, source in pieces if function}
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            source = "".join(cell["source"])
            cells.append((grade_id, written.get(grade_id, source) if solved else source))
    if solved:
        given = "\n\n".join(without_program(source) for function, source in pieces if not function)
        cells.insert(0, ("", given))
    return cells


@pytest.fixture(scope="module")
def plain_runs(
    built: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, bool], Any]:
    """(exercise, solved?) -> grade id -> how the cell ended; all in one process, for TensorFlow's sake."""
    course = Course.bundled()
    keys = [(name, solved) for name in EXERCISES for solved in (True, False)]
    given = json.dumps([code_of(built[name], course, name, solved) for name, solved in keys])
    place = tmp_path_factory.mktemp("plain")
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, "said.json"],
        input=given,
        cwd=place,
        env=os.environ | {"MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(keys, json.loads((place / "said.json").read_text()), strict=True))


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes_the_visible_tests_without_our_package(plain_runs: Any, name: str) -> None:
    results = plain_runs[name, True]
    for function in Course.bundled().exercise(name).functions:
        kind, said = results[f"{name}--{function.name}--test"]
        assert kind == "" and re.fullmatch(rf"{function.name}: (\d+) of \1 visible tests passed\n", said)
    assert not any(kind for kind, _ in results.values())


@pytest.mark.parametrize("name", EXERCISES)
def test_starters_fail_with_readable_messages_without_our_package(plain_runs: Any, name: str) -> None:
    results = plain_runs[name, False]
    for function in Course.bundled().exercise(name).functions:
        kind, said = results[f"{name}--{function.name}--test"]
        assert kind == "AssertionError" and said.startswith(f"{function.name}: 0 of ")
        assert f"{function.name} is still blank: write its body." in said
    assert {grade_id for grade_id, (kind, _) in results.items() if kind} == {
        f"{name}--{function.name}--test" for function in Course.bundled().exercise(name).functions
    }
