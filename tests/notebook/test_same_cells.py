"""`course check`, `course grade` and nbgrader take the same code from the same notebook, however odd."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound_course import SoundCourse

from grader.classroom.intake import take_in
from grader.classroom.wanted import Wanted
from grader.content.course import Course
from grader.errors import SubmissionError
from grader.judge.submission import read_submission
from grader.judge.wire.messages import Cell
from grader.notebook.grading import submission_of
from grader.notebook.repair import Original, read_notebook, repair_cells

Json = dict[str, Any]
Cells = list[tuple[str, str]]


# --- the three roads ---


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


def checked(path: Path) -> Cells:
    try:
        return listed(read_submission(path).cells)
    except SubmissionError:
        return []


def collected(path: Path, course: Course) -> Cells:
    class_dir = path.parent / "class"
    (class_dir / "ada").mkdir(parents=True, exist_ok=True)
    (class_dir / "ada" / "exercise_x.ipynb").write_bytes(path.read_bytes())
    (work,) = take_in(class_dir, Wanted(course), path.parent / "out").handed
    return [] if work.submission is None else listed(work.submission.cells)


def autograded(path: Path) -> Cells:
    """Read, repair, write and read again, as nbgrader does; then take the code."""
    notebook, _ = read_notebook(path)
    cells, _ = repair_cells(nbformat.from_dict(notebook)["cells"], originals())
    repaired = path.with_suffix(".repaired.ipynb")
    nbformat.write(nbformat.from_dict(notebook | {"cells": cells}), repaired)
    again, problem = read_notebook(repaired)
    assert problem == ""
    return listed(submission_of(nbformat.from_dict(again)["cells"], path.name).cells)


def listed(cells: tuple[Cell, ...]) -> Cells:
    assert all(cell.notebook for cell in cells)
    return [(cell.label, cell.source) for cell in cells]


# --- the released notebook ---


def released_cell(grade_id: str, source: str, kind: str = "code", **own: Any) -> Json:
    metadata = {"grade_id": grade_id, "cell_type": kind, "schema_version": 3, "task": False}
    metadata |= {"grade": False, "solution": False, "locked": False} | own
    made: Json = {"cell_type": kind, "metadata": {"nbgrader": metadata}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def released() -> list[Json]:
    cells = [
        code("import numpy as np"),
        released_cell("exercise-x--about", "Write two functions.", "markdown", locked=True),
        released_cell("exercise-x--tools", "class CourseTools: ...", locked=True),
    ]
    for name in ("scaled", "first"):
        test = f"CourseTools.run({name!r})"
        cells += [
            released_cell(f"exercise-x--{name}", f"def {name}(x):\n    return x", solution=True),
            released_cell(f"exercise-x--{name}--test", test, grade=True, locked=True, points=2.0),
        ]
    return cells


def originals() -> list[Original]:
    """Return the released cells, as the gradebook has them."""
    own = [(cell["metadata"]["nbgrader"], cell["source"]) for cell in released() if cell["metadata"]]
    kept = ("grade_id", "cell_type", "locked", "grade", "solution", "points")
    return [
        Original(source=source, checksum="0" * 32, **{key: about[key] for key in kept if key in about})
        for about, source in own
    ]


def code(source: Any, **more: Any) -> Json:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 1} | more


def notebook(cells: Any, **more: Any) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more).encode()


def changed(change: Callable[[list[Json]], object]) -> bytes:
    """Return the released notebook after a learner's change."""
    cells = released()
    change(cells)
    return notebook(cells)


def retyped(cell: Json, kind: str) -> None:
    cell["cell_type"] = kind


def own_metadata(cells: list[Json], at: int, **own: Any) -> None:
    cells[at]["metadata"]["nbgrader"] |= own


ODD: dict[str, bytes] = {
    "as released": notebook(released()),
    "version 3": json.dumps(
        {
            "nbformat": 3,
            "worksheets": [
                {"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]},
                {
                    "cells": [
                        {"cell_type": "heading", "source": "x"},
                        {"cell_type": "code", "input": "c = 3"},
                    ]
                },
            ],
        }
    ).encode(),
    "no worksheets": notebook([code("a = 1")], worksheets=[]),
    "sources in lines": notebook([code(["def f():\n", "    return 1\n"]), code([]), code(["", "x = 1"])]),
    "sources of other types": notebook(
        [code(None), code(5), code({"a": 1}), code(["x", 3, None, " = 1"]), {"cell_type": "code"}]
    ),
    "no metadata": notebook([{"cell_type": "code", "source": "x = 1"}, {"source": "no type"}]),
    "metadata of other types": notebook(
        [code(f"x = {n}", metadata=value) for n, value in enumerate(["text", 3, None, [], [{}]])]
    ),
    "nbgrader metadata of other types": notebook(
        [
            code(f"x = {n}", metadata={"nbgrader": value})
            for n, value in enumerate([None, "locked", 7, ["locked"], {}, {"grade_id": ["x"]}, {"locked": 1}])
        ]
    ),
    "no notebook metadata": notebook([code("x = 1")], metadata=None),
    "other kinds of cells": notebook(
        [
            code("a = 1"),
            {"cell_type": "markdown", "source": "def f(): ..."},
            {"cell_type": "raw", "source": "raw"},
            {"cell_type": "game", "source": "b = 2"},
            {"cell_type": ["code"], "source": "c = 3"},
            code("d = 4"),
        ]
    ),
    "empty cells": notebook([code(""), code(" \n\t"), code("a = 1"), code("\n\n"), code("b = 2")]),
    "line ends of Windows": notebook([code("def f():\r\n    return 1\r\n"), code(["a = 1\r\n", "b = 2"])]),
    "line ends of old Macs": notebook([code("a = 1\rb = 2")]),
    "a file with line ends of Windows": json.dumps({"cells": [code("a = 1\nb = 2")]}, indent=1)
    .replace("\n", "\r\n")
    .encode(),
    "a byte order mark": b"\xef\xbb\xbf" + notebook([code("a = 'ü李'")]),
    "half a character": b'{"cells": [{"cell_type": "code", "source": "a = 1  # \\ud800"}]}',
    "zero characters": notebook([code("a = '\0'")]),
    "duplicate and missing ids": notebook(
        [code("a = 1", id="same"), code("b = 2", id="same"), code("c = 3"), code("d = 4", id=7)]
    ),
    "unknown fields": notebook(
        [code("a = 1", collapsed=True, prompt_number=3, future={"x": []}, outputs="none")],
        signature="x",
        orig_nbformat=2,
    ),
    "cells that are not objects": notebook(["a = 1", 3, None, [code("b = 2")], code("c = 3")]),
    "magics": notebook([code("%matplotlib inline\n!pip list\nx = 1"), code("%%timeit\nx = 1")]),
    "an own cell between": changed(lambda cells: cells.insert(4, code("helper = 1"))),
    "a changed test": changed(lambda cells: cells[4].update(source="score = 100")),
    "a deleted test": changed(lambda cells: cells.pop(4)),
    "deleted tools": changed(lambda cells: cells.pop(2)),
    "a deleted solution": changed(lambda cells: cells.pop(3)),
    "a copied test": changed(lambda cells: cells.insert(5, copy.deepcopy(cells[4]))),
    "a test pasted as an own cell": changed(lambda cells: cells.append(code(f"{cells[4]['source']}\n"))),
    "a copied solution": changed(lambda cells: cells.insert(4, copy.deepcopy(cells[3]))),
    "a solution as text": changed(lambda cells: retyped(cells[3], "markdown")),
    "text as code": changed(lambda cells: retyped(cells[1], "code")),
    "a test as text": changed(lambda cells: retyped(cells[4], "markdown")),
    "another order": changed(lambda cells: cells.reverse()),
    "nothing but tests": notebook([cell for cell in released() if cell["source"].startswith("CourseTools")]),
    "no cells": notebook([]),
    "no list of cells": notebook({"0": code("a = 1")}),
    "worksheets of another type": b'{"worksheets": 7}',
    "not a notebook": b"[1, 2]",
    "not JSON": b"print(1)",
    "not text": b"\xff\xfe\x00",
    "nothing": b"",
    "too much text": notebook([code("x" * 5_100_000)]),
    "large outputs": notebook([code("a = 1", outputs=[{"output_type": "stream", "text": "x" * 6_000_000}])]),
}


@pytest.mark.parametrize("name", ODD)
def test_all_roads_take_the_same_cells(name: str, course: Course, tmp_path: Path) -> None:
    path = tmp_path / "exercise_x.ipynb"
    path.write_bytes(ODD[name])
    cells = checked(path)
    assert collected(path, course) == cells
    assert autograded(path) == cells


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("as released", [1, 3, 5]),
        ("a deleted test", [1, 3, 4]),  # the numbers are those of the learner's file
        ("a copied solution", [1, 3, 4, 6]),
        ("a test pasted as an own cell", [1, 3, 5]),
        ("a solution as text", [1, 3, 5]),
        ("text as code", [1, 3, 5]),
        ("cells that are not objects", [1]),
        ("other kinds of cells", [1, 2]),
        ("large outputs", [1]),
        ("nothing but tests", []),
        ("too much text", []),
    ],
)
def test_the_cells_are_these(name: str, labels: list[int], tmp_path: Path) -> None:
    path = tmp_path / "exercise_x.ipynb"
    path.write_bytes(ODD[name])
    assert [label for label, _ in checked(path)] == [f"code cell {number}" for number in labels]


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_keys = st.sampled_from(["cell_type", "source", "input", "metadata", "outputs", "attachments", "id"])
_some_cell = st.dictionaries(_keys, _values | st.sampled_from(["code", "markdown", "raw"]), max_size=5)
_released = st.sampled_from(released())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(_some_cell | _released | _values, max_size=8))
def test_any_json_gives_the_same_cells(cells: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "exercise_x.ipynb"
    path.write_bytes(notebook(cells))
    assert autograded(path) == checked(path)


def test_only_the_gradebook_knows_a_test_without_metadata(course: Course, tmp_path: Path) -> None:
    """Where a learner's tool has dropped the metadata, check and grade take a test for the learner's code."""
    path = tmp_path / "exercise_x.ipynb"
    path.write_bytes(notebook([{"cell_type": c["cell_type"], "source": c["source"]} for c in released()]))
    cells = checked(path)
    assert collected(path, course) == cells
    assert autograded(path) == [(label, source) for label, source in cells if "CourseTools.run" not in source]
