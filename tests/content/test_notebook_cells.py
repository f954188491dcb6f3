"""Reading notebooks: what is used is read as `json` reads it, and outputs take neither memory nor time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content import notebook_json
from grader.content.notebook_cells import MAX_CODE_LENGTH, CellType, NotebookProblem, parse_notebook
from grader.content.notebook_json import TooComplex, read_notebook_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CELLS = st.dictionaries(
    st.sampled_from(["cell_type", "source", "input", "metadata", "attachments", "outputs", "id"]), VALUES
)
NOTEBOOKS = st.fixed_dictionaries(
    {}, optional={"cells": st.lists(CELLS | VALUES, max_size=4) | VALUES, "metadata": VALUES, "x": VALUES}
)
USED = {"cell_type", "source", "input", "metadata", "attachments"}


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": []} | more


def notebook(*cells: Any, **more: Any) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4} | more).encode()


def used_part(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return what a reader keeps of a notebook."""
    kept: dict[str, Any] = {}
    if "metadata" in notebook:
        metadata = notebook["metadata"]
        kept["metadata"] = (
            {k: v for k, v in metadata.items() if k != "widgets"} if isinstance(metadata, dict) else metadata
        )
    if "cells" in notebook:
        cells = notebook["cells"]
        kept["cells"] = (
            [{k: v for k, v in c.items() if k in USED} if isinstance(c, dict) else None for c in cells]
            if isinstance(cells, list)
            else None
        )
    return kept


@given(NOTEBOOKS, st.sampled_from([None, 1]), st.booleans())
def test_the_parts_that_are_used_are_those_of_json(
    notebook: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    raw = json.dumps(notebook, indent=indent, ensure_ascii=ascii_only).encode(errors="replace")
    assert read_notebook_json(raw) == used_part(json.loads(raw))


@given(st.binary() | st.text('[]{}",:\\ 1nul\n').map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for each in (raw, b'{"cells": [' + raw, b'{"cells": [{"source": ' + raw):
        try:
            assert parse_notebook(each).cells is not None
        except NotebookProblem as problem:
            assert str(problem)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"cells": [}',
        b'{"cells" []}',
        b'{"cells": []} x',
        b"{1: []}",
        b'{"a": "',
        b"[" * 9999,
        b"print(1)",
        b'{"a": x}',
    ],
)
def test_broken_json_is_refused(raw: bytes) -> None:
    with pytest.raises(NotebookProblem, match="not JSON"):
        parse_notebook(raw)


@pytest.mark.parametrize("raw", [b"", b" \n"])
def test_an_empty_file_is_called_empty(raw: bytes) -> None:
    with pytest.raises(NotebookProblem, match="it is empty"):
        parse_notebook(raw)


def test_deep_values_are_refused_where_they_are_used_and_passed_over_elsewhere() -> None:
    deep = "[" * 50_000 + "]" * 50_000
    with pytest.raises(NotebookProblem, match="not JSON"):
        parse_notebook(b'{"metadata": %b, "cells": []}' % deep.encode())
    found = parse_notebook(
        b'{"cells": [{"cell_type": "code", "source": "x", "outputs": %b}]}' % deep.encode()
    )
    assert [cell.source for cell in found.cells] == ["x"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_encodings_are_read(encoding: str) -> None:
    raw = notebook(code("x = 'é李😀'")).decode().encode(encoding)
    assert [cell.source for cell in parse_notebook(raw).cells] == ["x = 'é李😀'"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe{\0\xff", "it looks like UTF-16, but is damaged"),
        (b'{"cells": [\n{"source": "\xe9"}]}', "line 2 is not UTF-8"),
    ],
)
def test_text_that_cannot_be_decoded_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(NotebookProblem, match=says):
        parse_notebook(raw)


def test_damage_in_outputs_costs_nothing() -> None:
    raw = notebook(code("x = 1", outputs=[{"text": "@"}])).replace(b"@", b"\xe9\xff \t")
    assert [cell.source for cell in parse_notebook(raw).cells] == ["x = 1"]


def test_only_code_counts_toward_the_limit_on_code() -> None:
    picture = {"cell_type": "markdown", "source": f"![](data:image/png;base64,{'A' * 2 * MAX_CODE_LENGTH})"}
    attached = {
        "cell_type": "markdown",
        "source": "",
        "attachments": {"a.png": {"image/png": "A" * 6_000_000}},
    }
    found = parse_notebook(notebook(picture, attached, code("x = 1")))
    assert [cell.type for cell in found.cells] == [CellType.MARKDOWN, CellType.MARKDOWN, CellType.CODE]
    assert found.raw_cells[1]["attachments"]["a.png"]["image/png"]
    with pytest.raises(NotebookProblem, match="more than 5 MB of code"):
        parse_notebook(notebook(code("x" * (MAX_CODE_LENGTH // 2)), code("y" * (MAX_CODE_LENGTH // 2 + 1))))


def test_the_state_of_widgets_is_passed_over() -> None:
    found = parse_notebook(
        notebook(code("x"), metadata={"widgets": {"state": [1]}, "kernelspec": {"name": "k"}})
    )
    assert found.metadata == {"kernelspec": {"name": "k"}}


def test_a_file_of_millions_of_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_json, "MAX_EFFORT", 1000)
    for raw in (notebook(code("x", outputs=[[]] * 1001)), notebook(code("x", metadata={"a": [1] * 251}))):
        with pytest.raises(TooComplex):
            read_notebook_json(raw)
        with pytest.raises(NotebookProblem, match="too many parts; clear its outputs"):
            parse_notebook(raw)


def test_more_cells_than_a_person_writes_are_refused() -> None:
    most = notebook_json.MAX_CELLS
    assert len(parse_notebook(notebook(*[code("x")] * most)).cells) == most
    with pytest.raises(NotebookProblem, match=f"it has more than {most} cells"):
        parse_notebook(notebook(*[code("x")] * (most + 1)))


@pytest.mark.parametrize("wide", ["\N{OWL}", "\\ud83e\\udd89"], ids=["itself", "escaped"])
def test_text_is_counted_by_the_memory_that_it_takes(monkeypatch: pytest.MonkeyPatch, wide: str) -> None:
    monkeypatch.setattr(notebook_json, "MAX_TEXT", 1000)
    assert parse_notebook(notebook(code("x" * 800)))
    with pytest.raises(NotebookProblem, match="it has too much text"):
        parse_notebook(notebook(code("x" * 800 + "@")).replace(b"@", wide.encode()))


MEASURE = """
import resource, sys
from pathlib import Path
from grader.judge.submission import read_submission
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
(cell,) = read_submission(Path(sys.argv[1])).cells
assert cell.source == "x = 1"
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory in the units of Linux")
def test_100_mb_of_outputs_need_little_more_memory_than_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    before, after = notebook(code("x = 1", outputs=[{"text": ["@"]}])).decode().split('"@"')
    path.write_text(before + '"Epoch 1/10 \N{OWL}\\n", ' * 4_800_000 + '""' + after)
    size = path.stat().st_size
    assert size > 100_000_000
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1.3 * size
