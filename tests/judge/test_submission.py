"""Good and bad files that learners submit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.judge.submission import read_submission
from grader.judge.wire.messages import Cell


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, **more}


def write(path: Path, content: Any) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_py_file_is_one_cell(tmp_path: Path) -> None:
    read = read_submission(write(tmp_path / "my.py", "x = 1\n"))
    assert read.name == "my.py" and read.cells == (Cell("my.py", "x = 1\n"),)


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfx = 1\n", b"x = 1\r\n", b"x = 1\r"])
def test_a_byte_order_mark_and_other_line_ends_are_fine(tmp_path: Path, raw: bytes) -> None:
    assert read_submission(write(tmp_path / "my.py", raw)).cells[0].source == "x = 1\n"


def test_a_notebook_gives_its_code_cells_and_nothing_else(tmp_path: Path) -> None:
    outputs = [{"output_type": "stream", "text": "def f(): return 'an output'"}]
    notebook = {
        "nbformat": 4,
        "cells": [
            {"cell_type": "markdown", "source": "def f(): return 'a text'"},
            code(["x = 1\n", "y = 2"], outputs=outputs),
            code("  \n"),
            {"cell_type": "raw", "source": "raw"},
            code("z = 3"),
        ],
    }
    read = read_submission(write(tmp_path / "my.ipynb", notebook))
    assert [(cell.label, cell.source) for cell in read.cells] == [
        ("code cell 1", "x = 1\ny = 2"),
        ("code cell 3", "z = 3"),
    ]
    assert all(cell.notebook for cell in read.cells)


def test_a_notebook_of_version_3_keeps_its_cells_in_worksheets(tmp_path: Path) -> None:
    notebook = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}
    assert read_submission(write(tmp_path / "my.ipynb", notebook)).cells[0].source == "x = 1"


def test_read_only_cells_of_an_assignment_are_not_the_learner_s_and_are_counted(tmp_path: Path) -> None:
    locked, open_ = ({"nbgrader": {"grade_id": "x--tools", "locked": value}} for value in (True, False))
    cells = [
        {"cell_type": "code", "source": "run_the_tests()", "metadata": locked},
        {"cell_type": "code", "source": "x = 1", "metadata": open_},
        {"cell_type": "code", "source": "y = 1", "metadata": {"nbgrader": "odd"}},
        {"cell_type": "code", "source": "z = 1", "metadata": "odd"},
    ]
    found = read_submission(write(tmp_path / "my.ipynb", {"cells": cells})).cells
    assert [(cell.label, cell.source) for cell in found] == [
        ("code cell 2", "x = 1"),
        ("code cell 3", "y = 1"),
        ("code cell 4", "z = 1"),
    ]


def test_read_only_code_that_an_instructor_added_runs_and_tests_do_not(tmp_path: Path) -> None:
    setup = {"nbgrader": {"grade_id": "constants", "locked": True}}
    test = {"nbgrader": {"grade_id": "mine", "locked": True, "grade": True, "points": 1}}
    cells = [code("x = 1", metadata=setup), code("y = x"), code("assert y", metadata=test)]
    found = read_submission(write(tmp_path / "my.ipynb", {"cells": cells})).cells
    assert [cell.source for cell in found] == ["x = 1", "y = x"]


def test_half_a_character_costs_no_more_than_itself(tmp_path: Path) -> None:
    notebook = '{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}'
    assert read_submission(write(tmp_path / "my.ipynb", notebook)).cells[0].source == "x = '?'"


def test_large_outputs_are_fine_in_a_notebook(tmp_path: Path) -> None:
    outputs = [{"output_type": "stream", "text": "x" * 6_000_000}]
    path = write(tmp_path / "my.ipynb", {"cells": [code("x = 1", outputs=outputs)]})
    assert [cell.source for cell in read_submission(path).cells] == ["x = 1"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("my.py", "", "is empty"),
        ("my.py", " \n\t\n", "is empty"),
        ("my.py", b"x = 1\n\xff\xfe", "line 2 is not UTF-8"),
        ("my.py", b"x = 1\n\0\0", "zero bytes"),
        ("my.txt", "x = 1", "neither .py nor .ipynb"),
        ("my.ipynb", "x = 1", "not JSON"),
        ("my.ipynb", "[" * 100_000, "not JSON"),
        ("my.ipynb", "", "not JSON"),
        ("my.ipynb", "[1, 2]", "no cells"),
        ("my.ipynb", '{"cells": 3}', "no cells"),
        ("my.ipynb", '{"cells": ["x = 1"]}', "no cells"),
        ("my.ipynb", '{"cells": []}', "no code"),
        ("my.ipynb", {"cells": [{"cell_type": "markdown", "source": "words"}]}, "no code"),
        ("missing.py", None, "does not exist"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, content: Any, says: str) -> None:
    path = tmp_path / name
    if content is not None:
        write(path, content)
    with pytest.raises(SubmissionError, match=says):
        read_submission(path)


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="is a directory"):
        read_submission(tmp_path)


def test_a_file_of_100_mb_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "my.py"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(SubmissionError, match="larger than 5 MB"):
        read_submission(path)
