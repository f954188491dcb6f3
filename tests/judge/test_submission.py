"""Good and bad files that learners submit."""

from __future__ import annotations

import contextlib
import json
from encodings.aliases import aliases
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.judge.submission import parse_submission, read_submission
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
        ("my.py", b"x = 1\n\x81", "line 2 is not UTF-8"),
        ("my.py", b"# coding: gbk\nx = '\xff'\n", "line 2 is not GBK"),
        ("my.py", b"# coding: klingon\n", "declares the encoding 'klingon', which Python does not know"),
        ("my.py", b"# coding: punycode\n", "declares the encoding 'punycode', but is not written in it"),
        ("my.py", b"# coding: rot13\n", "declares the encoding 'rot13', but is not written in it"),
        ("my.py", b"\xff\xfex", "it looks like UTF-16, but is damaged"),
        ("my.py", b"x = 1\n\0\0", "zero bytes"),
        ("my.py", b"\xe9 = 1\n\0", "zero bytes|is not UTF-8"),
        ("my.txt", "x = 1", "holds no Python code — save your code as .ipynb or .py"),
        ("my.csv", "x = 1", "neither .py nor .ipynb"),
        ("my.docx", "x = 1", "is a Word document — save your code as .ipynb or .py"),
        ("my.ipynb.html", "x = 1", "is a web page"),
        ("my.json", '{"a": 1}', "is not a notebook: it has no cells"),
        ("my.ipynb", "x = 1", "not JSON"),
        ("my.ipynb", "[" * 100_000, "not JSON"),
        ("my.ipynb", "", "it is empty"),
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


NOTEBOOK = json.dumps({"cells": [code("x = 1")]})
SOURCE = "import os\nname = 'é'\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize(("name", "content"), [("a.py", SOURCE), ("a.ipynb", NOTEBOOK)])
def test_unicode_with_a_byte_order_mark_is_read(
    tmp_path: Path, name: str, content: str, encoding: str
) -> None:
    read = read_submission(write(tmp_path / name, content.encode(encoding)))
    assert read.cells[0].source == (SOURCE if name == "a.py" else "x = 1")
    assert read.notes == ()


@pytest.mark.parametrize("declared", ["cp1252", "latin-1", "ISO-8859-15", "utf8", "gbk"])
@pytest.mark.parametrize(
    "head", ["# -*- coding: {} -*-\n", "#!/usr/bin/python\r\n# vim: set fileencoding={} :\r\n"]
)
def test_a_declared_encoding_is_used(tmp_path: Path, head: str, declared: str) -> None:
    text = head.format(declared) + SOURCE
    read = read_submission(write(tmp_path / "a.py", text.encode(declared)))
    assert read.cells[0].source == text.replace("\r\n", "\n") and read.notes == ()
    compile(read.cells[0].source, "a.py", "exec")


@pytest.mark.parametrize("head", ["", "# coding: utf-8\n"])
def test_code_that_is_not_utf_8_is_read_as_windows_1252_with_a_note(tmp_path: Path, head: str) -> None:
    text = f"{head}price = '5 €'\n"
    read = read_submission(write(tmp_path / "a.py", text.encode("cp1252")))
    assert read.cells[0].source == text
    assert read.notes == ("a.py is not UTF-8. It was read as Windows-1252; save it as UTF-8 to be sure.",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py.txt", SOURCE),
        ("a.txt", SOURCE),
        ("a.PY", SOURCE),
        ("a.json", NOTEBOOK),
        ("a.ipynb.json", NOTEBOOK),
        ("a.ipynb.txt", NOTEBOOK),
        ("a.txt", NOTEBOOK),
        ("a.py", NOTEBOOK),
    ],
)
def test_extensions_that_browsers_add_are_fine(tmp_path: Path, name: str, content: str) -> None:
    (cell,) = read_submission(write(tmp_path / name, content.encode())).cells
    assert cell.source == (SOURCE if content == SOURCE else "x = 1")


@given(
    st.binary() | st.binary().map(lambda raw: b"# coding: utf-7\n" + raw),
    st.sampled_from(["py", "ipynb", "txt"]),
)
def test_any_bytes_are_read_or_refused(raw: bytes, extension: str) -> None:
    with contextlib.suppress(SubmissionError):
        read = parse_submission(raw, PurePath(f"a.{extension}"))
        assert all(cell.source.encode() and "\0" not in cell.source for cell in read.cells)


@given(st.sampled_from(sorted({*aliases.values(), "idna", "undefined", "unicode_escape"})), st.binary())
def test_any_declaration_is_followed_or_refused(declared: str, raw: bytes) -> None:
    with contextlib.suppress(SubmissionError):
        parse_submission(f"# coding: {declared}\n".encode() + raw, PurePath("a.py"))


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="is a directory"):
        read_submission(tmp_path)


def test_a_file_of_100_mb_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "my.py"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(SubmissionError, match="larger than 5 MB"):
        read_submission(path)
